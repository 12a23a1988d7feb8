import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Preparation, Prepared } from "../harness/lab/hooks.ts";
import type { LabFile } from "../harness/lab/schema.ts";
import { publishBox } from "./box/box.ts";
import { publishImages } from "./images/images.ts";
import { letGoOf, signingKey, type SigningKey } from "./keys/key.ts";
import { publishKey } from "./keys/publish.ts";
import { alone } from "./lock.ts";
import { publishRepository } from "./packages/repository.ts";

export { debianPackages } from "./requirements.ts";

/**
 * Makes what the lab file's `prepared` values refer to, and nothing else: the box, the key, the package repository,
 * the images. Safe to run twice at once: the second waits for what the first makes.
 * @throws LabNotBuilt when a part cannot be made
 */
export default async function prepare({ lab, cache, say, signal }: Preparation): Promise<Prepared> {
  const folder = join(cache, "published");
  await mkdir(folder, { recursive: true });
  const waiting = () => {
    say("waiting for another run, which is preparing the same parts");
  };
  return alone(join(cache, "lock"), { waiting, signal }, async () => {
    await publishImages({ lab, cache, folder: join(folder, "images"), say, signal });
    if (!signsFor(lab)) return { folder, fingerprints: {} };
    const key = await signingKey(cache, signal);
    try {
      await publishSigned({ lab, cache, say, signal }, folder, key);
    } finally {
      await letGoOf(key);
    }
    return { folder, fingerprints: { [key.id]: key.fingerprint } };
  });
}

async function publishSigned({ lab, cache, say, signal }: Preparation, folder: string, key: SigningKey) {
  await publishKey(key, join(folder, "keys"));
  if (lab.box.url.startsWith("prepared:")) {
    await publishBox({ cache, folder: join(folder, "box"), key, say, signal });
  }
  if (lab.repositories.some(({ baseurl }) => baseurl.some((url) => url.startsWith("prepared:")))) {
    await publishRepository({ lab, cache, folder: join(folder, "repository"), key, say, signal });
  }
}

/** Whether the lab leaves a key to us, and so what that key signs. */
const signsFor = (lab: LabFile): boolean => lab.keys.some(({ fingerprint }) => fingerprint === "prepared");
