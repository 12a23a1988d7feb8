import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { budget } from "../budgets.ts";
import { copyFile, link, mkdir, rename, rm, writeFile } from "../files.ts";
import { poll } from "./poll.ts";
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

interface HostPool {
  pool: string;
  /** What the volume with the box's image is called. */
  volume: string;
  /** The box's image as Vagrant unpacked it. */
  image: string;
  /** Gets the volume's XML. */
  xmlFolder: string;
  /** Where a pool that is not there is made. */
  folder?: string;
}

/** Where libvirt keeps the volumes of its default pool, and where Vagrant would make it. */
export const defaultFolder = "/var/lib/libvirt/images";

/**
 * Makes a pool of the host ready for Vagrant: makes it as Vagrant would or starts it, and sees that the volume with the
 * box's image is whole. Vagrant would upload it at a moment of its own, and use what another run has uploaded by half,
 * or was killed while uploading (facts/vagrant-libvirt.md §6): so call this while no other run does.
 * @returns what was done, a sentence each
 * @throws LabNotBuilt when libvirt refuses
 */
export async function readyPool(libvirt: Libvirt, wanted: HostPool): Promise<string[]> {
  const { pool, volume, image, folder = defaultFolder } = wanted;
  const done: string[] = [];
  const state = await poolState(libvirt, pool);
  if (state === "none") {
    await virsh(libvirt, ["pool-define-as", pool, "dir", "--target", folder]);
    await virsh(libvirt, ["pool-build", pool]);
    done.push(`made the pool ${pool} in ${folder}`);
  }
  if (state !== "active") await virsh(libvirt, ["pool-start", pool]);
  if (state === "inactive") done.push(`started the pool ${pool}, which was defined but not active`);
  const { size } = await stat(image);
  if (await dropPart(libvirt, wanted, size))
    done.push(`removed ${volume} from the pool ${pool}: a part of an image that a killed run had left`);
  if ((await sizeOf(libvirt, wanted)) === size) return done;
  await upload(libvirt, wanted, size);
  return [...done, `uploaded ${volume} to the pool ${pool}`];
}

/** Removes a volume that is not as large as its image. libvirt refuses while a killed run's upload still runs out. */
async function dropPart(
  libvirt: Libvirt,
  { pool, volume, ...rest }: HostPool,
  size: number,
): Promise<boolean> {
  let dropped = false;
  let refusal: unknown;
  const settled = await poll(
    async () => {
      const there = await sizeOf(libvirt, { pool, volume, ...rest });
      if (there === undefined || there === size) return true;
      await virsh(libvirt, ["vol-delete", "--pool", pool, volume]).then(
        () => (dropped = true),
        (error: unknown) => (refusal = error),
      );
      return undefined;
    },
    {
      within: budget.libvirt,
      every: 200,
      ...(libvirt.signal === undefined ? {} : { signal: libvirt.signal }),
    },
  );
  if (settled === undefined) throw refusal;
  return dropped;
}

/** Uploads a box's image, for all to read as Vagrant does: into a file that grows, so that its size tells a part. */
async function upload(
  libvirt: Libvirt,
  { pool, volume, image, xmlFolder }: HostPool,
  size: number,
): Promise<void> {
  const definition = `<volume><name>${xml(volume)}</name><capacity>${size}</capacity><allocation>0</allocation>
    <target><format type="qcow2"/><permissions><mode>0744</mode></permissions></target></volume>`;
  const file = join(xmlFolder, "volume.xml");
  await writeFile(file, definition);
  await virsh(libvirt, ["vol-create", pool, file]);
  await virsh(libvirt, ["vol-upload", "--pool", pool, volume, image], { within: budget.box });
}

/** The size of a volume's file in bytes; undefined where there is no such volume. */
async function sizeOf(libvirt: Libvirt, { pool, volume }: HostPool): Promise<number | undefined> {
  if (!(await names(libvirt, ["vol-list", pool])).some((line) => line.startsWith(`${volume} `)))
    return undefined;
  const info = await virsh(libvirt, ["vol-info", "--physical", "--bytes", "--pool", pool, volume]);
  return Number(/^Physical:\s+(\d+)/m.exec(info)?.[1] ?? -1);
}
