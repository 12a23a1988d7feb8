import { execa } from "execa";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Part } from "../../harness/lab/hooks.ts";
import { letGoOf, type SigningKey, signingKey } from "../../testbed/keys/key.ts";
import { buildRecipe } from "../../testbed/packages/build.ts";
import type { Ingredient } from "../../testbed/packages/ingredient.ts";
import { type Recipe, recipes } from "../../testbed/packages/recipe.ts";

// Never aborted: mocha bounds the tests. A timer made here would run from when the file is loaded.
const { signal } = new AbortController();

/** One line of `rpm -qp --dump`. */
interface Packed {
  mode: string;
  owner: string;
  config: boolean;
}

/** The testbed's packages, built in a folder of their own around programs that are a line of text each. */
export class Built {
  readonly folder: string;
  readonly key: SigningKey;

  private constructor(folder: string, key: SigningKey) {
    this.folder = folder;
    this.key = key;
  }

  static async start(): Promise<Built> {
    const folder = await mkdtemp(join(tmpdir(), "hardway-packages-"));
    return new Built(folder, await signingKey(folder, signal));
  }

  /** Builds a recipe, its daemons real or not, and answers the folder with its packages. */
  async build(name: string, kind: Part["kind"]): Promise<string> {
    const recipe = recipes.find((candidate) => candidate.name === name);
    if (recipe === undefined) throw new Error(`no recipe ${name}`);
    const into = join(this.folder, `${name}-${kind}`);
    await buildRecipe(recipe, programs(recipe, kind), { into, key: this.key, signal });
    return into;
  }

  /** A package's files, by path. */
  async files(folder: string, rpm: string): Promise<Map<string, Packed>> {
    const lines = (await this.query(folder, rpm, "--dump")).split("\n");
    return new Map(
      lines.map((line) => {
        const [path = "", , , , mode = "", owner = "", group = "", config = ""] = line.split(" ");
        return [path, { mode: mode.slice(-4), owner: `${owner}:${group}`, config: config === "1" }];
      }),
    );
  }

  /** What `rpm -qp` answers about the package of this name. */
  async query(folder: string, rpm: string, ...args: string[]): Promise<string> {
    const file = (await readdir(folder)).find(
      (candidate) => /^(.*)-[^-]+-[^-]+$/.exec(candidate)?.[1] === rpm,
    );
    const { stdout } = await execa("rpm", ["-qp", "--nosignature", ...args, join(folder, file ?? rpm)]);
    return stdout;
  }

  /** Unpacks a package below a folder of its own, which is answered. */
  async unpack(folder: string, rpm: string): Promise<string> {
    const root = await mkdtemp(join(this.folder, "root-"));
    const file = (await readdir(folder)).find(
      (candidate) => /^(.*)-[^-]+-[^-]+$/.exec(candidate)?.[1] === rpm,
    );
    const unpack = 'rpm2cpio "$1" | cpio -idm --quiet';
    await execa("sh", ["-c", unpack, "sh", join(folder, file ?? rpm)], { cwd: root });
    return root;
  }

  async [Symbol.asyncDispose]() {
    await letGoOf(this.key);
    await rm(this.folder, { recursive: true, force: true });
  }
}

const programs = (recipe: Recipe, kind: Part["kind"]): Ingredient[] =>
  recipe.programs.map((program) => ({
    program,
    kind: program.source === "stand-in" ? kind : "real",
    ...(kind === "real" ? { given: true as const } : {}),
    identity: program.name,
    put: async (path) => {
      await mkdir(join(path, ".."), { recursive: true });
      await writeFile(path, `#!/bin/sh\necho ${program.name}\n`);
      await chmod(path, 0o700);
      const is = program.source === "stand-in" ? kind : "real";
      return { name: program.name, kind: is, version: "1.2.3", origin: "a test" };
    },
  }));
