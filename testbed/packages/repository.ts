import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { mkdir } from "../../harness/files.ts";
import type { LabFile } from "../../harness/lab/schema.ts";
import type { SigningKey } from "../keys/key.ts";
import { assemble, madeFrom, prune } from "./assemble.ts";
import { buildRecipe } from "./build.ts";
import { type Daemons, daemonsIn } from "./daemons.ts";
import { gather, type Ingredient } from "./ingredient.ts";
import { inputsOf } from "./inputs.ts";
import { recipes } from "./recipe.ts";
import { upstreamDaemons } from "./upstream.ts";

interface Publication {
  lab: Pick<LabFile, "daemons" | "daemonSums">;
  /** Kept between runs: built packages, Debian's packages, upstream's daemons. */
  cache: string;
  /** Where the repository is to be: repodata/ and the packages. Only ever seen whole. */
  folder: string;
  key: SigningKey;
  say: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Publishes the testbed's packages as a signed repository in `folder`, rebuilding only packages whose inputs
 * changed. Free when nothing did.
 * @throws LabNotBuilt where a package cannot be had, built, signed or proved; BadConfiguration where `lab.daemons`
 * names no daemons
 */
export async function publishRepository({
  lab,
  cache,
  folder,
  key,
  say,
  signal,
}: Publication): Promise<void> {
  const built = join(cache, "packages");
  await mkdir(built, { recursive: true });
  const daemons = await daemonsFor(lab, { cache, say, signal });
  const ingredients = await gather(recipes, { daemons, cache, signal });
  const homes = await Promise.all(
    [...ingredients].map(async ([recipe, programs]) => {
      const inputs = await inputsOf(recipe, programs, key.fingerprint);
      return { recipe, programs, home: join(built, `${recipe.name}-${inputs}`) };
    }),
  );
  const from = createHash("sha256")
    .update(homes.map(({ home }) => home).join("\n"))
    .digest("hex");
  if ((await madeFrom(folder)) === from) return;

  const present = new Set(await readdir(built));
  for (const { recipe, programs, home } of homes) {
    if (present.has(basename(home))) continue;
    say(`building ${recipe.name}: ${describe(programs)}`);
    await buildRecipe(recipe, programs, { into: home, key, signal });
  }
  const paths = homes.map(({ home }) => home);
  await assemble(paths, { folder, from, key, signal });
  await prune(built, paths);
}

async function daemonsFor(
  { daemons, daemonSums }: Publication["lab"],
  options: { cache: string; say: (line: string) => void; signal: AbortSignal },
): Promise<Daemons> {
  if (daemons === undefined || daemons === "stand-ins") return new Map();
  if (daemons === "upstream") return upstreamDaemons({ ...options, sums: daemonSums ?? {} });
  return daemonsIn(daemons, options.signal);
}

const describe = (programs: Ingredient[]): string =>
  programs
    .map(({ program, kind }) => (kind === "real" ? program.name : `${program.name} (stand-in)`))
    .join(", ");
