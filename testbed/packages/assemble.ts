import { constants, readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from "../../harness/files.ts";
import { makeRepository } from "../../harness/rpm/rpm.ts";
import type { SigningKey } from "../keys/key.ts";

// Says what a published folder was made from; a folder without it is not finished.
const stamp = ".made-from";

/** What a published repository was made from; undefined where there is none. */
export const madeFrom = (folder: string): Promise<string | undefined> =>
  readFile(join(folder, stamp), "utf8").catch(() => undefined);

/**
 * Makes a repository with signed metadata of the packages in `homes`, beside `folder`, and then puts it in its place.
 * @throws LabNotBuilt when createrepo_c or gpg fails
 */
export async function assemble(
  homes: string[],
  options: { folder: string; from: string; key: SigningKey; signal: AbortSignal },
): Promise<void> {
  const { folder, from, key, signal } = options;
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(`${folder}-making-`);
  const old = `${fresh}-old`;
  try {
    for (const home of homes) {
      for (const file of await readdir(home)) {
        await copyFile(join(home, file), join(fresh, file), constants.COPYFILE_FICLONE);
      }
    }
    await chmod(fresh, 0o755);
    await makeRepository(fresh, signal, key);
    await writeFile(join(fresh, stamp), from);
    await rename(folder, old).catch(ignoreMissing);
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

/** Removes what earlier inputs left among the built packages, and builds that died. */
export async function prune(built: string, homes: string[]): Promise<void> {
  const kept = new Set(homes.map((home) => basename(home)));
  for (const name of await readdir(built)) {
    if (!kept.has(name)) await rm(join(built, name), { recursive: true, force: true });
  }
}

function ignoreMissing(error: unknown) {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
