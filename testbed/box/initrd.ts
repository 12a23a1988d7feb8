import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { LabNotBuilt } from "../../harness/errors.ts";
import { cp, mkdir, writeFile } from "../../harness/files.ts";
import { tool } from "../tool.ts";

// What it takes to see the disk and both network cards, and entropy for sshd. There is no udev to load more.
const wanted = ["virtio_pci", "virtio_blk", "virtio_net", "virtio-rng"];

/**
 * Makes `file`, the smallest initrd that boots `root`: uncompressed, static busybox and a few modules. Debian's own
 * takes 30 s longer to boot under emulation (facts/vagrant-libvirt.md §2).
 */
export async function makeInitrd(
  root: string,
  file: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const tree = join(folder, "initrd");
  for (const name of ["bin", "dev", "proc", "sys", "root", "modules"]) {
    await mkdir(join(tree, name), { recursive: true });
  }
  await cp(join(import.meta.dirname, "initrd", "init"), join(tree, "init"));
  await cp(join(root, "usr", "bin", "busybox"), join(tree, "bin", "busybox"));

  const modules = await modulesInOrder(root);
  for (const module of modules) await cp(module, join(tree, "modules", basename(module)));
  await writeFile(join(tree, "modules", "order"), modules.map((module) => `${basename(module)}\n`).join(""));

  const pack = `find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 --reproducible > "$1"`;
  await tool("sh", ["-eu", "-c", pack, "sh", file], { cwd: tree, signal });
}

/** The modules' files, each after those it depends on. */
async function modulesInOrder(root: string): Promise<string[]> {
  const [version = ""] = await readdir(join(root, "lib", "modules"));
  const folder = join(root, "lib", "modules", version);
  const lines = (await readFile(join(folder, "modules.dep"), "utf8")).split("\n");
  const order = wanted.flatMap((name) => {
    const line = lines.find((candidate) => candidate.split(":")[0]?.endsWith(`/${name}.ko`));
    if (line === undefined)
      throw new LabNotBuilt(`expected kernel ${version} to have the module ${name}, saw none`);
    const [module = "", ...needed] = line.split(/:?\s+/).filter((word) => word !== "");
    return [...needed.reverse(), module];
  });
  return [...new Set(order)].map((module) => join(folder, module));
}
