import { join } from "node:path";
import { mkdir } from "../harness/files.ts";
import type { Preparation, Prepared } from "../harness/lab/hooks.ts";
import { publishBox } from "./box/box.ts";
import { publishImages } from "./images/images.ts";
import { letGoOf, signingKey, type SigningKey } from "./keys/key.ts";
import { publishKey } from "./keys/publish.ts";
import { alone } from "./lock.ts";
import { publishRepository } from "./packages/repository.ts";

export { chooseDaemons } from "./packages/choice.ts";

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
    const asked = lab.keys.find(({ fingerprint }) => fingerprint === "prepared");
    if (asked === undefined) return { folder, fingerprints: {} };
    const key = await signingKey(cache, signal);
    try {
      await publishSigned({ lab, cache, say, signal }, folder, key, asked.path);
    } finally {
      await letGoOf(key);
    }
    return { folder, fingerprints: { [asked.id]: key.fingerprint } };
  });
}

/** What the key signs, and its public half. */
async function publishSigned(
  { lab, cache, say, signal }: Preparation,
  folder: string,
  key: SigningKey,
  keyPath: string,
): Promise<void> {
  await publishKey(key, join(folder, "keys"));
  if (lab.box.url.startsWith("prepared:")) {
    await publishBox({ cache, folder: join(folder, "box"), key, keyPath, say, signal });
  }
  if (lab.repositories.some(({ baseurl }) => baseurl.some((url) => url.startsWith("prepared:")))) {
    await publishRepository({ lab, cache, folder: join(folder, "repository"), key, say, signal });
  }
}
