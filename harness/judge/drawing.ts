import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { writeSource } from "../files.ts";
import { project } from "../paths.ts";
import { grounds } from "./grounds.ts";
import { settings, type Watched } from "./settings.ts";

/** Where the graph of grounds is drawn. */
export const drawingFile = join(project, "docs", "grounds.md");

const id = (watched: string): string => watched.replace(/[^a-z0-9]/gi, "_");

/** "master:etcd listener" as the thing and where it is. */
function split(place: string): { what: string; where: string } {
  const [, where = "", what = place] = /^(?:(master|workers):)?(.*)$/.exec(place) ?? [];
  return { what, where };
}

/** docs/grounds.md, drawn from the graph: what rests on what, and what governs it. */
export async function drawing(): Promise<string> {
  const all = Object.keys(grounds) as Watched[];
  const edges = all.flatMap((watched) =>
    grounds[watched].map((place) => {
      const { what, where } = split(place);
      return `  ${id(watched)} -->${where === "" ? "" : `|${where}|`} ${id(what)}`;
    }),
  );
  const nodes = all
    .filter((watched) => edges.some((edge) => new RegExp(`\\b${id(watched)}\\b`).test(edge)))
    .map((watched) => `  ${id(watched)}["${watched}"]`);
  const rows = all.map((watched) => {
    const { units = [], names } = settings[watched];
    const list = (items: readonly string[]) => items.map((item) => `\`${item}\``).join(", ");
    return `| ${watched} | ${grounds[watched].join(", ")} | ${list(units)} | ${list(names)} |`;
  });
  const text = `# Grounds

What each watched thing rests on. A spec is judged only while all that its subject rests on holds; else it is \`not judged\`
because of the deepest broken ground, and the verdict's causes are the broken links that no other explains. An arrow reads
"rests on"; on the same machine, or where it says so on the master or on every worker.

Drawn from \`harness/judge/grounds.ts\` and \`settings.ts\` by \`npx tsx harness/judge/drawing.ts\`: change those, not this.

\`\`\`mermaid
flowchart LR
${[...nodes, ...edges].join("\n")}
\`\`\`

| watched | rests on | units whose logs tell | settings, the likeliest first |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
  return format(text, { ...(await resolveConfig(drawingFile)), parser: "markdown" });
}

if (process.argv[1] === import.meta.filename) await writeSource(drawingFile, await drawing());
