import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cp, mkdir, rename, writeFile } from "../../harness/files.ts";
import { madeOnce, publish, recipeHash } from "../cached.ts";
import { sources } from "../debian.ts";
import { clearSign, type SigningKey } from "../keys/key.ts";
import { tool } from "../tool.ts";
import { makeInitrd } from "./initrd.ts";
import { makeRoot, type RootOptions } from "./root.ts";

const boxName = "hardway-embedded.box";
const gigabytes = 6;

export interface BoxOptions {
  cache: string;
  /** Where the box and its signed checksum are published. */
  folder: string;
  key: SigningKey;
  /** Where the lab's machines keep the key's public half. */
  keyPath: string;
  say: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Publishes the embedded lab's box and its clear-signed checksum. The box is built once for each recipe (everything
 * in this folder, Debian's sources and the key) and comes from the cache afterwards.
 * @throws LabNotBuilt when a step of the build fails; what it had made is removed
 */
export async function publishBox({ cache, folder, key, keyPath, say, signal }: BoxOptions): Promise<void> {
  const hash = await recipeHash(import.meta.dirname, sources, key.fingerprint, keyPath);
  const made = await madeOnce(join(cache, "box"), hash, async (done, scratch) => {
    say(
      "building the box (once, about a minute): Debian 12 with yum, rpm and Node, from Debian's signed archive",
    );
    const parts = await makeParts({ cache, folder: scratch, key, keyPath, signal });
    const box = join(done, boxName);
    await tool("tar", ["-cf", box, "-C", parts, ...(await readdir(parts)).sort()], { signal });
    const checksums = `${await sha256(box)}  ${boxName}\n`;
    await writeFile(join(done, "sha256sum.txt.asc"), `${await clearSign(checksums, key, signal)}\n`);
  });
  await publish(made, folder);
}

/** Makes the files of a vagrant-libvirt box in a folder, and answers it. */
async function makeParts(options: RootOptions): Promise<string> {
  const { folder, signal } = options;
  const parts = join(folder, "parts");
  await mkdir(parts);
  const root = await makeRoot(options);
  await makeInitrd(root, join(parts, "initrd.img"), folder, signal);
  await rename(join(root, "boot", "vmlinuz"), join(parts, "vmlinuz"));
  await makeDisk(root, join(parts, "box.img"), folder, signal);
  await cp(join(import.meta.dirname, "Vagrantfile"), join(parts, "Vagrantfile"));
  const metadata = { provider: "libvirt", format: "qcow2", virtual_size: gigabytes };
  await writeFile(join(parts, "metadata.json"), JSON.stringify(metadata));
  return parts;
}

/** One ext4 file system on a whole disk, made without a mount. */
async function makeDisk(root: string, image: string, scratch: string, signal: AbortSignal): Promise<void> {
  const raw = join(scratch, "root.raw");
  // Left lazy, a booted kernel would have to finish what mke2fs left undone.
  const options = "lazy_itable_init=0,lazy_journal_init=0";
  await tool("mke2fs", ["-q", "-t", "ext4", "-E", options, "-d", root, raw, `${gigabytes}G`], { signal });
  await tool("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw, image], { signal });
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
