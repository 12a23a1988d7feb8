import { join } from "node:path";
import { BadConfiguration } from "../../harness/errors.ts";
import type { LabFile } from "../../harness/lab/schema.ts";
import { madeOnce, publish, recipeHash } from "../cached.ts";
import { sources } from "../debian.ts";
import { writeArchive, type Image } from "./archive.ts";
import { makeLayers, type Layers } from "./layers.ts";

export interface ImagesOptions {
  lab: LabFile;
  cache: string;
  /** Where the archives are published. */
  folder: string;
  say: (line: string) => void;
  signal: AbortSignal;
}

type Recipe = (layers: Layers) => Omit<Image, "name">;

const label = (standsFor: string, ...parts: string[]) => ({
  "hardway.stand-in": standsFor,
  "hardway.parts": parts.join(", "),
});

/** How each image a lab names is made, and what it stands for. */
const recipes: Record<keyof LabFile["images"], Recipe> = {
  pause: ({ everything, parts }) => ({
    command: ["/pause"],
    labels: label("gcr.io/google_containers/pause-amd64:3.0", parts.busybox),
    layers: [everything],
  }),
  redisMaster: ({ everything, parts }) => ({
    command: ["redis-master"],
    port: 6379,
    labels: label("gcr.io/google_containers/redis:e2e", parts.redis, parts.busybox),
    layers: [everything],
  }),
  redisSlave: ({ everything, parts }) => ({
    command: ["redis-slave"],
    port: 6379,
    labels: label("gcr.io/google_samples/gb-redisslave:v1", parts.redis, parts.busybox),
    layers: [everything],
  }),
  frontend: ({ everything, parts }) => ({
    command: ["frontend"],
    port: 80,
    labels: label("gcr.io/google-samples/gb-frontend:v4", parts.redis, parts.busybox),
    layers: [everything],
  }),
};

interface Wanted {
  kind: keyof LabFile["images"];
  /** The reference it is loaded as. */
  name: string;
  /** The archive it comes in; images that name the same one come together. */
  file: string;
}

const kinds = Object.keys(recipes) as Wanted["kind"][];

/** The images that a lab file leaves to us. */
function wantedBy(lab: LabFile): Wanted[] {
  return kinds.flatMap((kind) => {
    const image = lab.images[kind];
    if (!("archive" in image) || !image.archive.startsWith("prepared:")) return [];
    const file = /^prepared:images\/([^/]+)$/.exec(image.archive)?.[1];
    if (file !== undefined) return [{ kind, name: image.name, file }];
    throw new BadConfiguration({
      message: `lab ${lab.name}: expected images.${kind}.archive to be prepared:images/FILE, saw ${image.archive}`,
      hint: "the testbed makes its images' archives in images/, under any name",
    });
  });
}

/**
 * Publishes the image archives that the lab file names, made without docker and without a registry, and from the
 * cache when nothing changed.
 * @throws BadConfiguration for an archive outside images/; LabNotBuilt when one cannot be made
 */
export async function publishImages({ lab, cache, folder, say, signal }: ImagesOptions): Promise<void> {
  const wanted = wantedBy(lab);
  if (wanted.length === 0) return;
  const hash = await recipeHash(import.meta.dirname, sources, JSON.stringify(wanted));
  const made = await madeOnce(join(cache, "images"), hash, async (done, scratch) => {
    say(
      `making ${wanted.length} images (once, a few seconds): redis and busybox from Debian's signed archive`,
    );
    const layers = await makeLayers({ cache, scratch, signal });
    for (const file of new Set(wanted.map((image) => image.file))) {
      const together = wanted.filter((image) => image.file === file);
      const images = together.map(({ kind, name }) => ({ name, ...recipes[kind](layers) }));
      await writeArchive(images, join(done, file), scratch, signal);
    }
  });
  await publish(made, folder);
}
