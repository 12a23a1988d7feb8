import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { cp, link, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { sources } from "../debian.ts";
import { clearSign, type SigningKey } from "../keys/key.ts";
import { tool } from "../tool.ts";
import { makeInitrd } from "./initrd.ts";
import { makeRoot } from "./root.ts";

const boxName = "hardway-embedded.box";
const checksumsName = "sha256sum.txt.asc";
const gigabytes = 6;

export interface BoxOptions {
  cache: string;
  /** Where the box and its signed checksum are published. */
  folder: string;
  key: SigningKey;
  say: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Publishes the embedded lab's box and its clear-signed checksum. The box is built once for each recipe (everything
 * in this folder, Debian's sources and the key) and comes from the cache afterwards.
 * @throws LabNotBuilt when a step of the build fails; what it had made is removed
 */
export async function publishBox({ cache, folder, key, say, signal }: BoxOptions): Promise<void> {
  const built = join(cache, "box", await recipe(key));
  if (!(await isFile(join(built, checksumsName)))) {
    say(
      "building the box (once, about two minutes): Debian 12 with yum, rpm and Node, from Debian's signed archive",
    );
    await build(built, cache, key, signal);
    await keepOnly(built);
  }
  await mkdir(folder, { recursive: true });
  for (const name of [boxName, checksumsName]) await place(join(built, name), join(folder, name));
}

async function build(built: string, cache: string, key: SigningKey, signal: AbortSignal) {
  await mkdir(join(cache, "box"), { recursive: true });
  const making = await mkdtemp(join(cache, "box", "making-"));
  try {
    const parts = join(making, "parts");
    await mkdir(parts);
    const root = await makeRoot({ cache, folder: making, key, signal });
    await makeInitrd(root, join(parts, "initrd.img"), making, signal);
    await rename(join(root, "boot", "vmlinuz"), join(parts, "vmlinuz"));
    await makeDisk(root, join(parts, "box.img"), making, signal);
    await cp(join(import.meta.dirname, "Vagrantfile"), join(parts, "Vagrantfile"));
    const metadata = { provider: "libvirt", format: "qcow2", virtual_size: gigabytes };
    await writeFile(join(parts, "metadata.json"), JSON.stringify(metadata));

    const done = join(making, "done");
    await mkdir(done);
    const box = join(done, boxName);
    await tool("tar", ["-cf", box, "-C", parts, ...(await readdir(parts)).sort()], { signal });
    const checksums = `${await sha256(box)}  ${boxName}\n`;
    await writeFile(join(done, checksumsName), `${await clearSign(checksums, key, signal)}\n`);
    await rename(done, built);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** One ext4 file system on a whole disk, made without a mount. */
async function makeDisk(root: string, image: string, folder: string, signal: AbortSignal) {
  const raw = join(folder, "root.raw");
  // Without the two lazy ones a booted kernel need not finish what mke2fs left undone.
  const options = "lazy_itable_init=0,lazy_journal_init=0";
  await tool("mke2fs", ["-q", "-t", "ext4", "-E", options, "-d", root, raw, `${gigabytes}G`], { signal });
  await tool("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw, image], { signal });
  await rm(raw);
}

/** What the box is made from, as one hash. */
async function recipe(key: SigningKey): Promise<string> {
  const hash = createHash("sha256").update(`${sources}${key.fingerprint}`);
  const files = await readdir(import.meta.dirname, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  for (const path of paths.sort())
    hash.update(path.slice(import.meta.dirname.length)).update(await readFile(path));
  return hash.digest("hex").slice(0, 16);
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Puts a file into its published place whole: never a moment with half of it. */
async function place(from: string, to: string) {
  const [wanted, present] = await Promise.all([stat(from), stat(to).catch(() => undefined)]);
  if (wanted.ino === present?.ino) return;
  const landing = `${to}.${process.pid}`;
  await rm(landing, { force: true });
  await link(from, landing);
  await rename(landing, to);
}

/** Removes boxes of earlier recipes. */
async function keepOnly(built: string) {
  const boxes = join(built, "..");
  for (const name of await readdir(boxes)) {
    const path = join(boxes, name);
    if (path !== built) await rm(path, { recursive: true, force: true });
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
