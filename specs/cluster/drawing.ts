import { writeSource } from "../../harness/files.ts";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { Component } from "../../harness/cause/component.ts";
import { project } from "../../harness/paths.ts";
import { components } from "./components.ts";

/** Where the graph of components is drawn. */
export const drawingFile = join(project, "docs", "components.md");

const id = (component: string): string => component.replace(/[^a-z0-9]/gi, "_");

/** "master:etcd listener" as the component and where it is. */
function split(place: string): { what: string; where: string } {
  const [, where = "", what = place] = /^(?:(master|workers):)?(.*)$/.exec(place) ?? [];
  return { what, where };
}

/** docs/components.md, drawn from the description of the cluster: what depends on what, and what it reads. */
export async function drawing(): Promise<string> {
  const all: [string, Component][] = Object.entries(components);
  const edges = all.flatMap(([name, { dependsOn = [] }]) =>
    dependsOn.map((place) => {
      const { what, where } = split(place);
      return `  ${id(name)} -->${where === "" ? "" : `|${where}|`} ${id(what)}`;
    }),
  );
  const nodes = all
    .filter(([name]) => edges.some((edge) => new RegExp(`\\b${id(name)}\\b`).test(edge)))
    .map(([name]) => `  ${id(name)}["${name}"]`);
  const rows = all.map(([name, { dependsOn = [], units = [], reads = [] }]) => {
    const list = (items: readonly string[]) => items.map((item) => `\`${item}\``).join(", ");
    return `| ${name} | ${dependsOn.join(", ")} | ${list(units)} | ${list(reads)} |`;
  });
  const text = `# Components

What the cluster is made of, and what each part depends on. A spec is judged only while all that its component depends on
works; else it is \`not judged\` because of the deepest broken component, and the verdict's causes are the broken
components that no other explains. An arrow reads "depends on"; on the same machine, or where it says so on the master
or on every worker.

Which settings can be behind a failure follows from what a component reads: the files and variables of its units, their
drop-ins, the plan that starts them, the steps that speak of them, and what the last column adds.

Drawn from \`specs/cluster/components.ts\` by \`npx tsx specs/cluster/drawing.ts\`: change that, not this.

\`\`\`mermaid
flowchart LR
${[...nodes, ...edges].join("\n")}
\`\`\`

| component | depends on | units | reads beside their files |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
  return format(text, { ...(await resolveConfig(drawingFile)), parser: "markdown" });
}

if (process.argv[1] === import.meta.filename) await writeSource(drawingFile, await drawing());
