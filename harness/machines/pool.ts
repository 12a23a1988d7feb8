import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { copyFile, link, mkdir, rename, rm, writeFile } from "../files.ts";
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
 * Removes the volume with a box's image from a pool of the host where it is not as large as the image: an upload
 * that was killed leaves a part of it, which Vagrant would use as it is (facts/vagrant-libvirt.md §6).
 * @returns whether it was removed
 */
export async function dropTruncated(
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
