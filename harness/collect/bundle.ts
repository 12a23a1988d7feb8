import { execa } from "execa";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from "../files.ts";
import { indexOf, type Entry } from "./contents.ts";
import { redactFile } from "./redact-file.ts";
import { readTaken } from "./taken.ts";

/** The bundle's name in a run's folder. */
const name = "bundle.tar.gz";

/** Pictures are taken as they are; whatever else is not text cannot be read for secrets, and stays out. */
const pictures = new Set([".png"]);

/**
 * Packs a run's folder into FOLDER/bundle.tar.gz, to be attached to an issue: everything that is there at this moment,
 * without secrets, with an index.txt that says what each file is, when the machines were asked and which did not
 * answer. Vagrant's own folder stays out. An earlier bundle is replaced once the new one is whole.
 * @throws Error where the folder cannot be read or written
 */
export async function makeBundle(folder: string): Promise<{ file: string; files: number; bytes: number }> {
  const file = join(folder, name);
  const staging = await mkdtemp(join(folder, ".bundle-"));
  try {
    const root = join(staging, basename(folder));
    const entries: Entry[] = [];
    for (const path of await filesOf(folder)) entries.push(await stage(folder, root, path));
    await mkdir(root, { recursive: true });
    await writeFile(join(root, "index.txt"), indexOf(entries, await readTaken(folder), new Date()));
    const archive = join(staging, name);
    // Neither who made it nor in which order the file system had it.
    const flags = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner"];
    await execa("tar", [...flags, "-czf", archive, "-C", staging, basename(folder)]);
    await rename(archive, file);
    const files = entries.filter(({ left }) => left === undefined).length + 1;
    return { file, files, bytes: (await stat(file)).size };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The regular files of a run's folder, by their paths in it; what begins with a dot is Vagrant's, or ours in the making. */
async function filesOf(folder: string, below = ""): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const paths = entries.map(async (entry) => {
    const path = join(below, entry.name);
    const hidden = below === "" && (entry.name.startsWith(".") || entry.name === name);
    if (hidden) return [];
    if (entry.isDirectory()) return filesOf(folder, path);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(paths)).flat().sort();
}

async function stage(folder: string, root: string, path: string): Promise<Entry> {
  const [from, to] = [join(folder, path), join(root, path)];
  await mkdir(dirname(to), { recursive: true });
  const { mtime } = await stat(from);
  if (pictures.has(extname(path))) await copyFile(from, to);
  else if (!(await redactFile(from, to))) return { path, bytes: 0, at: mtime, left: "not text" };
  return { path, bytes: (await stat(to)).size, at: mtime };
}
