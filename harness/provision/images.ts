import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { tail } from "../machines/command.ts";
import type { Ran } from "../machines/machine.ts";
import { sh } from "../render/quote.ts";
import type { Image } from "./plan.ts";
import type { Work } from "./work.ts";

/** Images that come together: all that one archive on the host is to bring, or one that is pulled. */
interface Delivery {
  names: string[];
  archive?: { path: string; sha256: string };
}

/** Where a machine remembers what an archive became: the same name may stand for another archive later. */
const records = "/var/lib/hardway/images";

const inspect = (names: string[]): string =>
  `docker inspect --type image --format '{{.Id}}' ${names.map(sh).join(" ")}`;

async function archiveAt(url: string, names: string[]): Promise<NonNullable<Delivery["archive"]>> {
  if (!url.startsWith("file:"))
    throw new LabNotBuilt({
      message: `expected the archive of ${names.join(", ")} on this host, saw ${url}`,
      hint: "an image's archive is a file URL or prepared:PATH; an image elsewhere is named with its digest",
    });
  const path = fileURLToPath(url);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash).catch((error: unknown) => {
    const message = `expected the archive of ${names.join(", ")}, saw ${String(error)}`;
    throw new LabNotBuilt({ message, cause: error });
  });
  return { path, sha256: hash.digest("hex") };
}

async function deliveries(images: Image[]): Promise<Delivery[]> {
  const urls = new Set(images.flatMap((image) => ("archive" in image ? [image.archive] : [])));
  const archived = [...urls].map(async (url) => {
    const names = images
      .filter((image) => "archive" in image && image.archive === url)
      .map(({ name }) => name);
    return { names, archive: await archiveAt(url, names) };
  });
  const pulled = images.filter((image) => !("archive" in image)).map(({ name }) => ({ names: [name] }));
  return [...(await Promise.all(archived)), ...pulled];
}

/** The deliveries whose images are not there, or came from other archives. */
async function missing({ machine, signal }: Work, all: Delivery[]): Promise<Delivery[]> {
  const looks = all.map(({ names, archive }, index) => {
    if (archive === undefined) return `${inspect(names)} >&2 && echo ${index}`;
    const record = `${records}/${archive.sha256}`;
    return `[ -e ${record} ] && [ "$(${inspect(names)})" = "$(cat ${record})" ] && echo ${index}`;
  });
  const ran = await machine.run(["exec 2>/dev/null", ...looks, "true"].join("\n"), { signal });
  const there = new Set(ran.stdout.split("\n"));
  return all.filter((_, index) => !there.has(String(index)));
}

/** An archive without one of the names leaves no record, and a complaint of docker's about that name. */
async function fetch({ machine, signal }: Work, { names, archive }: Delivery): Promise<Ran> {
  const within = budget.image;
  if (archive === undefined)
    return machine.run(`docker pull ${names.map(sh).join(" ")} 2>&1`, { signal, within });
  const script = [
    "set -e",
    "exec 2>&1",
    "docker load",
    `ids=$(${inspect(names)})`,
    `mkdir -p ${records}`,
    `printf '%s\\n' "$ids" >${records}/${archive.sha256}`,
  ].join("\n");
  return machine.run(script, { input: createReadStream(archive.path), signal, within });
}

/**
 * Gives a machine's docker the images it does not have, one delivery after the other: an emulated machine gains
 * nothing from two at once.
 * @throws LabNotBuilt when one cannot be had: without it pods say nothing about the cluster
 */
export async function provideImages(work: Work, images: Image[]): Promise<void> {
  for (const delivery of await missing(work, await deliveries(images))) {
    const names = delivery.names.join(", ");
    work.say(`${delivery.archive === undefined ? "pulling" : "loading"} ${names}`);
    work.applied.images = [...new Set([...work.applied.images, ...delivery.names])];
    await work.record();
    const ran = await fetch(work, delivery);
    if (ran.code !== 0)
      throw new LabNotBuilt({
        message: `${work.machine.name}: expected docker to get ${names} from ${delivery.archive?.path ?? "its registry"}, saw exit code ${ran.code}`,
        details: tail(ran.stdout, 5),
      });
    for (const name of delivery.names) work.changed("image", name);
  }
}
