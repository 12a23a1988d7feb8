import { basename, dirname, join } from "node:path";
import { chmod, cp, mkdir, mkdtemp, rename, rm, writeFile } from "../../harness/files.ts";
import type { Part } from "../../harness/lab/hooks.ts";
import { buildRpms, signRpms } from "../../harness/rpm/rpm.ts";
import { project } from "../../harness/paths.ts";
import type { SigningKey } from "../keys/key.ts";
import type { Ingredient } from "./ingredient.ts";
import type { Recipe } from "./recipe.ts";
import { proveSigned } from "./prove.ts";

/** The folder of the testbed's packages: a folder of its own for each recipe, and the macros all of them share. */
export const packagesFolder = join(project, "testbed", "packages");

const partFolder = "/usr/share/hardway-e2e/parts.d";
const macros = join(packagesFolder, "macros");

/**
 * Builds a recipe's packages, signs them, proves the signatures, and only then moves them to `into`.
 * @throws LabNotBuilt when a program of the host fails, or a package does not pass `rpm -K`
 */
export async function buildRecipe(
  recipe: Recipe,
  ingredients: Ingredient[],
  { into, key, signal }: { into: string; key: SigningKey; signal: AbortSignal },
): Promise<void> {
  await mkdir(dirname(into), { recursive: true });
  const folder = await mkdtemp(`${into}-building-`);
  try {
    const stage = join(folder, "stage");
    const parts = await fillStage(recipe, ingredients, stage);
    const spec = join(packagesFolder, recipe.name, `${recipe.name}.spec`);
    const files = await buildRpms(spec, {
      folder,
      macros,
      defines: defines(ingredients, parts),
      env: { STAGE: stage, SHARED: packagesFolder },
      signal,
    });
    await signRpms(files, key, signal);
    await proveSigned(files, key, join(folder, "proof"), signal);
    const packages = join(folder, "signed");
    await mkdir(packages);
    for (const file of files) await rename(file, join(packages, basename(file)));
    await rm(into, { recursive: true, force: true });
    await rename(packages, into);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lays out the machine's files below `stage`: the recipe's own, the programs, and what each program is. */
async function fillStage(recipe: Recipe, ingredients: Ingredient[], stage: string): Promise<Part[]> {
  await mkdir(join(stage, partFolder), { recursive: true });
  await cp(join(packagesFolder, recipe.name, "root"), stage, { recursive: true }).catch(ifThereIsOne);
  const parts: Part[] = [];
  for (const { program, put } of ingredients) {
    const path = join(stage, program.path);
    await mkdir(dirname(path), { recursive: true });
    const part = await put(path);
    await chmod(path, 0o755);
    await writeFile(join(stage, partFolder, `${program.name}.json`), `${JSON.stringify(part)}\n`);
    parts.push(part);
  }
  return parts;
}

function ifThereIsOne(error: unknown) {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

/**
 * What spec files are told: `parts_PACKAGE`, a sentence that names each program and says which are stand-ins; and
 * `real_DAEMON` for every one of the lab's real daemons. Folders are told in the environment, as $STAGE and $SHARED.
 */
function defines(ingredients: Ingredient[], parts: Part[]): Record<string, string> {
  const sentences = new Map<string, string[]>();
  const defined: Record<string, string> = {};
  for (const [at, { program, kind, given }] of ingredients.entries()) {
    const part = parts[at];
    if (part === undefined) continue;
    const what = kind === "real" ? `real ${part.name} ${part.version}` : `stand-in ${part.name}`;
    sentences.set(program.package, [...(sentences.get(program.package) ?? []), what]);
    if (given === true && program.daemon !== undefined) defined[`real_${macroName(program.daemon)}`] = "1";
  }
  for (const [name, whats] of sentences) defined[`parts_${macroName(name)}`] = whats.join(", ");
  return defined;
}

const macroName = (name: string): string => name.replaceAll("-", "_");
