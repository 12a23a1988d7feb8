import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { project } from "../paths.ts";
import type { Role } from "../lab/schema.ts";

/** Where a setting is written. */
interface Place {
  /** Relative to the project. */
  file: string;
  line: number;
  /** The setting: "KUBELET_API_SERVER". */
  name: string;
}

/**
 * Where settings are set in the templates a role gets, the setting's first line each, in the names' order; comments
 * do not count. Dashes and underscores are one in Kubernetes' flags.
 */
export async function placesOf(names: readonly string[], role: Role): Promise<Place[]> {
  const folders = [role, "every", "guestbook"].map((folder) => join(project, "provision", folder));
  const files = (await Promise.all(folders.map(filesIn))).flat();
  const texts = await Promise.all(
    files.map(async (file) => ({ file, lines: (await readFile(file, "utf8")).split("\n") })),
  );
  return [...new Set(names)].flatMap((name) => {
    const pattern = new RegExp(`(?<![\\w-])${escaped(name).replace(/(?<!^|-)[-_]/g, "[-_]")}(?![\\w-])`);
    for (const { file, lines } of texts) {
      const line = lines.findIndex((text) => !text.trimStart().startsWith("#") && pattern.test(text));
      if (line >= 0)
        return [
          { file: relative(project, file), line: line + 1, name: variableOf(lines[line] ?? "") ?? name },
        ];
    }
    return [];
  });
}

/** The variable that a line sets, where it sets one: a flag is better known by it. */
const variableOf = (line: string): string | undefined => /^\s*([A-Za-z_][\w.]*)\s*=/.exec(line)?.[1];

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort(
      (one, other) =>
        Number(other.includes("/files/")) - Number(one.includes("/files/")) || one.localeCompare(other),
    );
}
