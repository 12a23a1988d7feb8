import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { link, mkdir, mkdtemp, rename, rm, refuseForeign, rmBesideMounts } from "../harness/files.ts";

/**
 * One hash of everything a part is made from: the given texts, and every file in the folder of its recipe.
 * Answers 16 hexadecimal digits.
 */
export async function recipeHash(folder: string, ...texts: string[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(texts));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) {
    const content = await readFile(path);
    hash.update(`${path.slice(folder.length)} ${content.length}\n`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * The folder `store`/`hash`, made by `make` when it is not there yet. It is made under another name and renamed
 * when it is whole, so a build that was killed leaves nothing that looks finished; older folders are removed.
 * @param make fills the folder `done`; `scratch` is removed afterwards
 */
export async function madeOnce(
  store: string,
  hash: string,
  make: (done: string, scratch: string) => Promise<void>,
): Promise<string> {
  const folder = join(store, hash);
  if (await stat(folder).catch(() => undefined)) return folder;
  await mkdir(store, { recursive: true });
  refuseForeign(store);
  const scratch = await mkdtemp(join(store, "making-"));
  try {
    const done = join(scratch, "done");
    await mkdir(done);
    await make(done, scratch);
    for (const name of await readdir(store)) {
      if (join(store, name) !== scratch) await rmBesideMounts(join(store, name));
    }
    await rename(done, folder);
  } finally {
    await rmBesideMounts(scratch);
  }
  return folder;
}

/** Puts every file of `from` into the published folder `to`, each whole: never a moment with half of one. */
export async function publish(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    const [wanted, present] = await Promise.all([
      stat(join(from, name)),
      stat(join(to, name)).catch(() => undefined),
    ]);
    if (wanted.ino === present?.ino) continue;
    const landing = join(to, `.${name}.${process.pid}`);
    await rm(landing, { force: true });
    await link(join(from, name), landing);
    await rename(landing, join(to, name));
  }
}
