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

/** How each archive is made, by its file's name. */
const recipes: Record<string, Recipe> = {
  "pause.tar.gz": ({ base, parts }) => ({
    command: ["/pause"],
    labels: label("gcr.io/google_containers/pause-amd64:3.0", parts.busybox),
    layers: [base],
  }),
  "redis-master.tar.gz": ({ base, redis, parts }) => ({
    command: ["redis-master"],
    port: 6379,
    labels: label("gcr.io/google_containers/redis:e2e", parts.redis, parts.busybox),
    layers: [base, redis],
  }),
  "redis-slave.tar.gz": ({ base, redis, parts }) => ({
    command: ["redis-slave"],
    port: 6379,
    labels: label("gcr.io/google_samples/gb-redisslave:v1", parts.redis, parts.busybox),
    layers: [base, redis],
  }),
  "gb-frontend.tar.gz": ({ base, redis, frontend, parts }) => ({
    command: ["frontend"],
    port: 80,
    labels: label("gcr.io/google-samples/gb-frontend:v4", parts.redis, parts.busybox),
    layers: [base, redis, frontend],
  }),
};

const published = "prepared:images/";

interface Wanted {
  file: string;
  /** The reference it is loaded as. */
  name: string;
  recipe: Recipe;
}

/** The archives that a lab file leaves to us. */
function wantedBy(lab: LabFile): Wanted[] {
  return Object.values(lab.images).flatMap((image) => {
    if (!("archive" in image) || !image.archive.startsWith(published)) return [];
    const file = image.archive.slice(published.length);
    const recipe = recipes[file];
    if (recipe !== undefined) return [{ file, name: image.name, recipe }];
    throw new BadConfiguration({
      message: `${lab.name}: expected an image this testbed makes, saw ${image.archive}`,
      hint: `it makes ${Object.keys(recipes).join(", ")}`,
    });
  });
}

/**
 * Publishes the image archives that the lab file names, made without docker and without a registry, and from the
 * cache when nothing changed.
 * @throws BadConfiguration for an archive without a recipe; LabNotBuilt when one cannot be made
 */
export async function publishImages({ lab, cache, folder, say, signal }: ImagesOptions): Promise<void> {
  const wanted = wantedBy(lab);
  if (wanted.length === 0) return;
  const hash = await recipeHash(
    import.meta.dirname,
    sources,
    JSON.stringify(wanted.map(({ file, name }) => [file, name])),
  );
  const made = await madeOnce(join(cache, "images"), hash, async (done, scratch) => {
    say(
      `making ${wanted.length} images (once, a few seconds): redis and busybox from Debian's signed archive`,
    );
    const layers = await makeLayers({ cache, scratch, signal });
    for (const { file, name, recipe } of wanted) {
      await writeArchive({ name, ...recipe(layers) }, join(done, file), scratch, signal);
    }
  });
  await publish(made, folder);
}
