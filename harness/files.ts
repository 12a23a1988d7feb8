import {
  constants,
  createWriteStream as writeStream,
  existsSync,
  readdirSync,
  type PathLike,
  type WriteStream,
} from "node:fs";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { BadConfiguration } from "./errors.ts";
import { isIn, isKernels, project, real, reports } from "./ground.mjs";

// Everything that the harness and the testbed write or remove, goes through here, and eslint.config.js sees to it:
// nothing is written into the checkout but reports, and no folder is removed that is not ours. Ours is what this
// process has made, and what has our mark in it or above it.

/** The file that says of a folder that the harness made it, and may remove it and all that is in it. */
const mark = ".hardway-e2e";

const marking = `hardway-e2e made this folder, and removes what is in it when it is no longer needed.\n`;

/** What this process has made. */
const made = new Set<string>();

/** A path that may be written. @throws BadConfiguration in the checkout but for reports/, and in the kernel's folders */
function place(path: PathLike): string {
  const asked = resolve(String(path));
  const parent = real(dirname(asked));
  const inCheckout = isIn(parent, real(project)) && !isIn(parent, real(reports)) && asked !== reports;
  if (isKernels(asked) || (inCheckout && !isIn(parent, real(tmpdir())))) {
    throw new BadConfiguration({
      message: `expected to write into reports/, HARDWAY_HOME or TMPDIR, saw ${asked}`,
      hint: "nothing else of the checkout, and nothing of the kernel's, is ever written",
    });
  }
  return asked;
}

/** Does something with a path; where the system's error does not name it, it does afterwards. */
async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && "syscall" in error && !("path" in error)) Object.assign(error, { path });
    throw error;
  }
}

/** Makes a folder, with those above it where it is told to. */
export async function mkdir(path: string, { recursive = false, mode = 0o777 } = {}): Promise<void> {
  const folder = place(path);
  try {
    await fs.mkdir(folder, { mode });
    made.add(folder);
  } catch (error) {
    if (!recursive) throw error;
    // One step at a time: Node's own way up and down never ends where the system makes no folder at all.
    if (codeOf(error) === "ENOENT" && !(await exists(dirname(folder)))) {
      await mkdir(dirname(folder), { recursive });
      await mkdir(folder, { mode });
    } else if (!(await isFolder(folder))) throw error;
  }
}

/** Makes a folder of a new name that begins like this. */
export async function mkdtemp(prefix: string): Promise<string> {
  const folder = await fs.mkdtemp(place(prefix));
  made.add(folder);
  return folder;
}

export const writeFile = (
  path: string,
  content: string | Uint8Array,
  options?: { flag?: "a"; mode?: number },
): Promise<void> => named(path, () => fs.writeFile(place(path), content, options));

/** Writes a file of the project's sources anew: for scripts that a person runs to do so, and for nothing else. */
export const writeSource = (path: string, content: string): Promise<void> => fs.writeFile(path, content);

/** Adds to a file; one that the environment names may be a device. */
export const appendFile = (path: string, content: string): Promise<void> =>
  named(path, () => fs.appendFile(path, content));

export const copyFile = (from: string, to: string, mode?: number): Promise<void> =>
  named(to, () => fs.copyFile(from, place(to), mode));

/** Copies a file, or a folder with all that is in it. */
export async function cp(from: string, to: string, options: { recursive?: true; dereference?: true } = {}) {
  const isNew = !(await exists(to));
  await named(to, () => fs.cp(from, place(to), options));
  if (isNew) made.add(resolve(to));
}

export async function rename(from: string, to: string): Promise<void> {
  await fs.rename(place(from), place(to));
  if (made.delete(resolve(from))) made.add(resolve(to));
}

export const link = (from: string, to: string): Promise<void> => fs.link(from, place(to));
export const symlink = (target: string, path: string): Promise<void> => fs.symlink(target, place(path));
export const chmod = (path: string, mode: number): Promise<void> => fs.chmod(place(path), mode);

/** A stream into a file, which is made anew. */
export const createWriteStream = (path: string): WriteStream => writeStream(place(path));

/** Opens what is there already, to read it unless the flags say otherwise. */
export const openThere = (path: string, flags = constants.O_RDONLY): Promise<fs.FileHandle> =>
  fs.open(path, flags & ~(constants.O_CREAT | constants.O_TRUNC));

/** Opens a file that is made anew, for a program to write into. */
export const openNew = (path: string): Promise<fs.FileHandle> => fs.open(place(path), "w");

/**
 * Removes a file, or a folder of ours with all that is in it.
 * @throws BadConfiguration for a folder that is not ours
 */
export async function rm(
  path: string,
  options: { recursive?: boolean; force?: boolean; maxRetries?: number } = {},
): Promise<void> {
  const asked = place(path);
  if (options.recursive === true && (await exists(asked))) refuseForeign(asked);
  await fs.rm(asked, options);
}

/**
 * Removes a folder of ours, but nothing that is mounted in it: what makes a root borrows the host's /dev and /proc, and
 * may have died before it gave them back.
 * @throws BadConfiguration for a folder that is not ours
 */
export async function rmBesideMounts(path: string): Promise<void> {
  const asked = place(path);
  if (await exists(asked)) refuseForeign(asked);
  await execa("rm", ["--recursive", "--force", "--one-file-system", "--", asked]);
}

/** Makes a folder of ours, to be known by its mark by whoever comes later. */
export async function makeOurs(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (!(await exists(join(folder, mark)))) await writeFile(join(folder, mark), marking);
}

/** Whether a folder, or one that it is in, is ours. */
export function isOurs(folder: string): boolean {
  for (let path = resolve(folder); ; path = dirname(path)) {
    if (made.has(path) || existsSync(join(path, mark))) return true;
    if (path === dirname(path)) return false;
  }
}

/** @throws BadConfiguration for a folder that is not ours */
export function refuseForeign(folder: string): void {
  if (isOurs(folder) || isEmpty(folder)) return;
  throw new BadConfiguration({
    message: `expected ${folder} to be a folder of hardway-e2e's, saw no ${mark} in it: nothing of it was removed`,
    hint: "look at what is in it; it is yours to remove",
  });
}

/** Whether there is nothing in a folder: who was killed while making it had not marked it yet. */
function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

const exists = (path: string): Promise<boolean> =>
  fs.lstat(path).then(
    () => true,
    () => false,
  );

const isFolder = (path: string): Promise<boolean> =>
  fs.stat(path).then(
    (seen) => seen.isDirectory(),
    () => false,
  );
