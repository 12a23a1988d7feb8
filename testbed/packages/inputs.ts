import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { project } from "../../harness/paths.ts";
import { packagesFolder } from "./build.ts";
import type { Ingredient } from "./ingredient.ts";
import type { Recipe } from "./recipe.ts";

const shared = [
  join(packagesFolder, "macros"),
  join(packagesFolder, "stand-in.conf"),
  join(packagesFolder, "build.ts"),
  join(project, "harness", "rpm", "rpm.ts"),
];

/** A short name for everything a recipe's packages are made from; it changes when any of it does. */
export async function inputsOf(
  recipe: Recipe,
  ingredients: Ingredient[],
  fingerprint: string,
): Promise<string> {
  const hash = createHash("sha256").update(fingerprint);
  for (const { program, identity } of ingredients) hash.update(JSON.stringify([program, identity]));
  for (const file of [...(await filesBelow(join(packagesFolder, recipe.name))), ...shared]) {
    const content = await readFile(file);
    hash.update(JSON.stringify([relative(project, file), content.length])).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
