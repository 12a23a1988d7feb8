import { createHash } from "node:crypto";
import { basename } from "node:path";
import { writeFile } from "../../harness/files.ts";
import type { Part } from "../../harness/lab/hooks.ts";
import { debs } from "../debian.ts";
import { tool } from "../tool.ts";
import type { Daemons } from "./daemons.ts";
import type { Program, Recipe } from "./recipe.ts";
import { sha256Of } from "./sha256.ts";
import { bundleStandIns } from "./standins.ts";

/** A program of a recipe, and where this build takes it from. */
export interface Ingredient {
  program: Program;
  kind: Part["kind"];
  /** Whether it is one of the lab's real daemons. */
  given?: true;
  /** Changes whenever the program does. */
  identity: string;
  /** Puts the program at `path` and answers what it is. */
  put: (path: string) => Promise<Part>;
}

/**
 * Each recipe's programs: real daemons where `daemons` has them, else Debian's packages and stand-ins. Debian's
 * packages are downloaded and stand-ins compiled here; nothing is unpacked yet.
 * @throws LabNotBuilt where a package cannot be had or a stand-in does not compile
 */
export async function gather(
  recipes: Recipe[],
  { daemons, cache, signal }: { daemons: Daemons; cache: string; signal: AbortSignal },
): Promise<Map<Recipe, Ingredient[]>> {
  const realOf = ({ daemon }: Program) => (daemon === undefined ? undefined : daemons.get(daemon));
  const isReal = (program: Program) => realOf(program) !== undefined;
  const rest = recipes.flatMap(({ programs }) => programs.filter((program) => !isReal(program)));
  const names = [...new Set(rest.flatMap(({ source }) => (source === "stand-in" ? [] : [source.deb])))];
  const [files, standIns] = await Promise.all([
    debs(names, cache, signal),
    bundleStandIns(rest.filter(({ source }) => source === "stand-in").map(({ name }) => name)),
  ]);
  const packages = new Map(names.map((name, at) => [name, files[at] ?? ""]));

  const ingredient = (program: Program, version: string): Ingredient => {
    const real = realOf(program);
    if (real !== undefined) {
      return { program, kind: "real", given: true, identity: real.identity, put: real.put };
    }
    const bundle = standIns.get(program.name);
    if (bundle !== undefined) return standIn(program, version, bundle);
    if (program.source === "stand-in") throw new Error(`no stand-in was compiled for ${program.name}`);
    return fromDebian(program, program.source, packages.get(program.source.deb) ?? "", signal);
  };
  return new Map(
    recipes.map((recipe) => [recipe, recipe.programs.map((program) => ingredient(program, recipe.version))]),
  );
}

function standIn(program: Program, version: string, bundle: Uint8Array): Ingredient {
  const sha256 = createHash("sha256").update(bundle).digest("hex");
  return {
    program,
    kind: "stand-in",
    identity: `stand-in ${sha256}`,
    put: async (path) => {
      await writeFile(path, bundle, { mode: 0o755 });
      return { name: program.name, kind: "stand-in", version, origin: "testbed/standins", sha256 };
    },
  };
}

function fromDebian(
  program: Program,
  { deb, file }: { deb: string; file: string },
  archive: string,
  signal: AbortSignal,
): Ingredient {
  const version = decodeURIComponent(basename(archive).split("_")[1] ?? "");
  return {
    program,
    kind: "real",
    identity: `${basename(archive)} ${file}`,
    put: async (path) => {
      await tool(
        "sh",
        ["-c", 'dpkg-deb --fsys-tarfile "$1" | tar -xO ".$2" >"$3"', "sh", archive, file, path],
        {
          signal,
        },
      );
      const sha256 = await sha256Of(path);
      return {
        name: program.name,
        kind: "real",
        version,
        origin: `Debian's package ${deb} ${version}`,
        sha256,
      };
    },
  };
}
