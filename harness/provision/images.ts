import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import type { Machine, Ran } from "../machines/machine.ts";
import { sh } from "../render/quote.ts";
import type { Image } from "./plan.ts";
import { tail } from "../machines/command.ts";
import type { Work } from "./work.ts";

/** An image that is to be there, and the archive on the host it is loaded from; else it is pulled. */
interface Wanted {
  name: string;
  archive?: { path: string; sha256: string };
}

/** Where a machine remembers which image each archive became: the same name may stand for another archive later. */
const records = "/var/lib/hardway/images";

const inspect = (name: string): string => `docker inspect --type image --format '{{.Id}}' ${sh(name)}`;

async function wanted(image: Image): Promise<Wanted> {
  if (!("archive" in image)) return { name: image.name };
  if (!image.archive.startsWith("file:"))
    throw new LabNotBuilt({
      message: `expected the archive of ${image.name} on this host, saw ${image.archive}`,
      hint: "an image's archive is a file URL or prepared:PATH; an image elsewhere is named with its digest",
    });
  const path = fileURLToPath(image.archive);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash).catch((error: unknown) => {
    const message = `expected the archive of ${image.name}, saw ${String(error)}`;
    throw new LabNotBuilt({ message, cause: error });
  });
  return { name: image.name, archive: { path, sha256: hash.digest("hex") } };
}

/** The names of the images that are there, loaded from these very archives. */
async function present({ machine, signal }: Work, images: Wanted[]): Promise<Set<string>> {
  const looks = images.map(({ name, archive }, index) => {
    const known = archive === undefined ? "" : ` && [ "$id" = "$(cat ${records}/${archive.sha256})" ]`;
    return `id=$(${inspect(name)})${known} && echo ${index}`;
  });
  const ran = await machine.run(["exec 2>/dev/null", ...looks, "true"].join("\n"), { signal });
  return new Set(
    ran.stdout.split("\n").flatMap((index) => (index === "" ? [] : (images[Number(index)]?.name ?? []))),
  );
}

async function load({ machine, signal }: Work, { name, archive }: Wanted): Promise<Ran> {
  const within = budget.image;
  if (archive === undefined) return machine.run(`docker pull ${sh(name)} 2>&1`, { signal, within });
  const script = [
    "set -e",
    "exec 2>&1",
    "docker load",
    `id=$(${inspect(name)})`,
    `mkdir -p ${records}`,
    `printf '%s\\n' "$id" >${records}/${archive.sha256}`,
  ].join("\n");
  return machine.run(script, { input: createReadStream(archive.path), signal, within });
}

const notLoaded = (machine: Machine, { name, archive }: Wanted, ran: Ran): LabNotBuilt =>
  new LabNotBuilt({
    message: `${machine.name}: expected the image ${name} ${archive === undefined ? "to be pulled" : `in ${archive.path}`}, saw docker fail`,
    details: tail(ran.stdout, 5),
  });

/**
 * Gives a machine's docker the images it does not have, one after the other: an emulated machine gains nothing from
 * two at once.
 * @throws LabNotBuilt when one cannot be had: without it pods say nothing about the cluster
 */
export async function provideImages(work: Work, images: Image[]): Promise<void> {
  const all = await Promise.all(images.map(wanted));
  const there = await present(work, all);
  for (const image of all.filter(({ name }) => !there.has(name))) {
    work.say(`${image.archive === undefined ? "pulling" : "loading"} image ${image.name}`);
    const ran = await load(work, image);
    if (ran.code !== 0) throw notLoaded(work.machine, image, ran);
    work.changed("image", image.name);
  }
}
