import { copyFile, link, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { names, type Libvirt, virsh, xml } from "./virsh.ts";

/** The pool of a namespace's libvirtd. */
export const ownPool = "hardway";

/** The name vagrant-libvirt gives the volume with a box's image. */
export const baseVolume = (box: { name: string; version: string }): string =>
  `${box.name.replaceAll("/", "-VAGRANTSLASH-")}_vagrant_box_image_${box.version}_box.img`;

/**
 * Makes the pool of a namespace's libvirtd, in a folder that outlives the run, with the box's image already in it.
 * The image is linked, not uploaded: that takes no time, and a killed run cannot leave half of it. Base images of
 * other versions are removed.
 * @param image the box's image as Vagrant unpacked it
 */
export async function makeOwnPool(
  libvirt: Libvirt,
  { folder, volume, image, xmlFolder }: { folder: string; volume: string; image: string; xmlFolder: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder)) {
    if (file !== volume && file.includes("_vagrant_box_image_")) await rm(join(folder, file));
  }
  await placeImage(image, join(folder, volume));
  // There already where machines are brought up a second time in one namespace.
  if ((await names(libvirt, ["pool-list", "--name"])).includes(ownPool)) return;
  const file = join(xmlFolder, "pool.xml");
  await writeFile(
    file,
    `<pool type="dir"><name>${ownPool}</name><target><path>${xml(folder)}</path></target></pool>\n`,
  );
  await virsh(libvirt, ["pool-create", file]);
}

/** Puts an image at a path, whole or not at all. */
async function placeImage(image: string, path: string): Promise<void> {
  const [wanted, there] = await Promise.all([stat(image), stat(path).catch(() => undefined)]);
  if (there?.ino === wanted.ino && there.dev === wanted.dev) return;
  const part = `${path}.part`;
  await rm(part, { force: true });
  await link(image, part).catch(() => copyFile(image, part)); // another file system: a copy
  await rename(part, path);
}

/**
 * What there is of a pool of the host: Debian's libvirt defines none, and Vagrant, which makes the missing one, neither
 * starts it with the host nor takes one that is not active (vagrant-libvirt, lib/…/action/handle_storage_pool.rb).
 */
export async function poolState(libvirt: Libvirt, pool: string): Promise<"none" | "inactive" | "active"> {
  if ((await names(libvirt, ["pool-list", "--name"])).includes(pool)) return "active";
  return (await names(libvirt, ["pool-list", "--all", "--name"])).includes(pool) ? "inactive" : "none";
}

/**
 * Makes a pool of the host ready for Vagrant: starts one that is defined, and removes the volume with a box's image
 * from it where that is not as large as the image, for an upload that was killed leaves a part of it, which Vagrant
 * would use as it is (facts/vagrant-libvirt.md §6). A pool that is not there is left to Vagrant, which makes it.
 * @returns what was done, a sentence each
 * @throws LabNotBuilt when the pool cannot be started
 */
export async function readyPool(
  libvirt: Libvirt,
  { pool, volume, image }: { pool: string; volume: string; image: string },
): Promise<string[]> {
  const done: string[] = [];
  const state = await poolState(libvirt, pool);
  if (state === "none") return done;
  if (state === "inactive") {
    await virsh(libvirt, ["pool-start", pool]);
    done.push(`started the pool ${pool}, which was defined but not active`);
  }
  if (await dropTruncated(libvirt, pool, volume, image))
    done.push(`removed ${volume} from the pool ${pool}: a part of an image that a killed run had left`);
  return done;
}

/** @returns whether a volume was removed because it was not as large as the image it is of */
async function dropTruncated(
  libvirt: Libvirt,
  pool: string,
  volume: string,
  image: string,
): Promise<boolean> {
  if (!(await names(libvirt, ["vol-list", pool])).some((line) => line.startsWith(`${volume} `))) return false;
  const info = await virsh(libvirt, ["vol-info", "--physical", "--bytes", "--pool", pool, volume]);
  const size = Number(/^Physical:\s+(\d+)/m.exec(info)?.[1] ?? -1);
  if (size === (await stat(image)).size) return false;
  await virsh(libvirt, ["vol-delete", "--pool", pool, volume]);
  return true;
}
