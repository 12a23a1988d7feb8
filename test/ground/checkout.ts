import { execa } from "execa";
import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { project } from "../../harness/paths.ts";

const parts = ["harness", "labs", "provision", "specs", "testbed", "Vagrantfile.hbs"];
const plain = ["package.json", "package-lock.json", "tsconfig.json"];

/** Makes a checkout of its own at a path: the project's files, and its packages, each a link. */
export async function makeCheckout(folder: string): Promise<void> {
  await mkdir(join(folder, "node_modules"), { recursive: true });
  for (const part of [...parts, ...plain]) {
    await cp(join(project, part), join(folder, part), { recursive: true });
  }
  const packages = join(project, "node_modules");
  const names = (await readdir(packages)).filter((name) => name !== ".package-lock.json" && name !== ".bin");
  for (const name of names) await symlink(join(packages, name), join(folder, "node_modules", name));
  await cp(join(packages, ".package-lock.json"), join(folder, "node_modules", ".package-lock.json"));
}

/** Runs the command line of a checkout: its exit code, and all it said. */
export async function runIn(
  checkout: string,
  words: string[],
  { env = {}, cwd = checkout, node = [] }: { env?: NodeJS.ProcessEnv; cwd?: string; node?: string[] } = {},
): Promise<{ code: number | undefined; said: string }> {
  const args = [...node, join(checkout, "harness", "start.mjs"), ...words];
  const { exitCode, all } = await execa(process.execPath, args, {
    cwd,
    all: true,
    reject: false,
    stdin: "ignore",
    env: { INIT_CWD: undefined, ...env },
  });
  return { code: exitCode, said: all };
}
