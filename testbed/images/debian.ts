import { basename, join } from "node:path";
import { LabNotBuilt } from "../../harness/errors.ts";
import { cp, mkdir } from "../../harness/files.ts";
import { debs } from "../debian.ts";
import { tool } from "../tool.ts";

const libraries = ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"];
const loader = "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2";

/** Debian packages unpacked into a folder of their own, to take single programs from. */
export interface Unpacked {
  folder: string;
  /** "redis-server 5:7.0.15-1~deb12u10", one for each package. */
  parts: string[];
}

/** Unpacks Debian 12's packages into `folder`, without installing them. */
export async function unpack(
  names: string[],
  folder: string,
  cache: string,
  signal: AbortSignal,
): Promise<Unpacked> {
  const files = await debs(names, cache, signal);
  for (const file of files) await tool("dpkg-deb", ["--extract", file, folder], { signal });
  const parts = files.map((file) => basename(file).split("_").slice(0, 2).map(decodeURIComponent).join(" "));
  return { folder, parts };
}

/**
 * Copies programs and every library they need from unpacked packages into an image's tree, with the loader.
 * @throws LabNotBuilt when a library is not in the packages
 */
export async function install(
  programs: string[],
  from: Unpacked,
  tree: string,
  signal: AbortSignal,
): Promise<void> {
  const needed = new Set<string>();
  for (const program of programs) {
    const path = join(from.folder, program);
    for (const library of await librariesOf(path, from.folder, signal)) needed.add(library);
    await cp(path, join(tree, program), { dereference: true });
  }
  await mkdir(join(tree, "lib/x86_64-linux-gnu"), { recursive: true });
  for (const library of needed) {
    await cp(library, join(tree, "lib/x86_64-linux-gnu", basename(library)), { dereference: true });
  }
  await mkdir(join(tree, "lib64"), { recursive: true });
  await cp(join(from.folder, loader), join(tree, "lib64", basename(loader)), { dereference: true });
}

/** Asks the packages' own loader, so that nothing of the host's is taken for theirs. */
async function librariesOf(program: string, folder: string, signal: AbortSignal): Promise<string[]> {
  const path = libraries.map((name) => join(folder, name)).join(":");
  const listing = await tool(join(folder, loader), ["--library-path", path, "--list", program], { signal });
  const found = [...listing.matchAll(/^\s*(\S+) => (.*?)(?: \(0x[0-9a-f]+\))?$/gm)];
  return found
    .map(([, name = "", library = ""]) => ({ name, library }))
    .filter(({ name }) => !name.endsWith(basename(loader)))
    .map(({ name, library }) => {
      if (library.startsWith(`${folder}/`)) return library;
      throw new LabNotBuilt(`expected ${name} for ${basename(program)} in its packages, saw ${library}`);
    });
}
