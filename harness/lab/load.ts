import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { BadConfiguration } from "../errors.ts";
import { project, standing, typedPath } from "../paths.ts";
import { readYaml } from "./document.ts";
import { missingOnHost } from "./host-rules.ts";
import { nearest } from "./nearest.ts";
import { quotedName } from "./problem.ts";
import { brokenRules } from "./rule.ts";
import { rules } from "./rules.ts";
import { labSchema } from "./schema.ts";
import type { LabFile, LabInput } from "./schema.ts";

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
    message: `expected the name of a lab or the path of a lab file, saw \`${quotedName(nameOrPath)}\``,
    details: [`known labs: ${known.join(", ")}`],
    hint: meant === undefined ? "a path has a slash or ends in .yaml" : `did you mean \`${meant}\`?`,
  });
}

/** A lab file near the path of one that is not there. */
async function nearPath(path: string): Promise<string | undefined> {
  const name = basename(path).replace(extension, "");
  for (const place of [dirname(path), folder]) {
    const files = (await readdir(place).catch((): string[] => [])).filter((file) => extension.test(file));
    const meant = nearest(
      name,
      files.map((file) => file.replace(extension, "")),
    );
    if (meant === undefined) continue;
    return shownPath(join(place, files.find((file) => file.replace(extension, "") === meant) ?? ""));
  }
  return undefined;
}

function shownPath(path: string): string {
  const shown = relative(standing(), path);
  return shown.startsWith("..") ? path : shown;
}

/**
 * Reads the lab of that name from `labs/`, or the lab file at that path.
 * @throws BadConfiguration with every mistake in it, each with its line, and a hint
 */
export async function loadLab(nameOrPath: string): Promise<LoadedLab> {
  const path = await labPath(nameOrPath);
  const file = shownPath(path);
  const there = await stat(path).catch(
    (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOENT",
  );
  const meant = there === false ? await nearPath(path) : undefined;
  const lab = await readYaml(path, quotedName(file), {
    noun: "lab file",
    schema: labSchema,
    help:
      meant === undefined ? "labs/embedded.yaml is a working example" : `did you mean ${quotedName(meant)}?`,
    check: async (value, malformed) => [
      ...brokenRules(rules, value, malformed),
      ...(await missingOnHost(value as LabInput, malformed)),
    ],
  });
  return { ...lab, file };
}
