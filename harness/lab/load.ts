import { readdir } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { BadConfiguration } from "../errors.ts";
import { project, standing, typedPath } from "../paths.ts";
import { readYaml } from "./document.ts";
import { nearest } from "./nearest.ts";
import { brokenRules } from "./rule.ts";
import { rules } from "./rules.ts";
import { labSchema } from "./schema.ts";
import type { LabFile } from "./schema.ts";

/** A lab file that was read and found right; `file` is its path as messages show it. */
export type LoadedLab = LabFile & { file: string };

const folder = join(project, "labs");
const extension = /\.ya?ml$/;

/** The names of the labs that come with the project. */
async function knownLabs(): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => extension.test(file))
    .map((file) => basename(file).replace(extension, ""))
    .sort();
}

async function labPath(nameOrPath: string): Promise<string> {
  if (extension.test(nameOrPath) || nameOrPath.includes("/")) return typedPath(nameOrPath);
  const known = await knownLabs();
  if (known.includes(nameOrPath)) return join(folder, `${nameOrPath}.yaml`);
  const meant = nearest(nameOrPath, known);
  throw new BadConfiguration({
    message: `expected the name of a lab or the path of a lab file, saw \`${nameOrPath}\``,
    details: [`known labs: ${known.join(", ")}`],
    hint: meant === undefined ? "a path has a slash or ends in .yaml" : `did you mean \`${meant}\`?`,
  });
}

/**
 * Reads the lab of that name from `labs/`, or the lab file at that path.
 * @throws BadConfiguration with every mistake in it, each with its line, and a hint
 */
export async function loadLab(nameOrPath: string): Promise<LoadedLab> {
  const path = await labPath(nameOrPath);
  const shown = relative(standing(), path);
  const file = shown.startsWith("..") ? path : shown;
  const lab = await readYaml(path, file, {
    noun: "lab file",
    schema: labSchema,
    help: "labs/embedded.yaml is a working example",
    check: (value, malformed) => brokenRules(rules, value, malformed),
  });
  return { ...lab, file };
}
