import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Preparation, Prepared } from "../harness/lab/hooks.ts";
import { publishBox } from "./box/box.ts";
import { letGoOf, signingKey } from "./keys/key.ts";

/** Makes the embedded lab's own parts. */
export default async function prepare({ cache, say, signal }: Preparation): Promise<Prepared> {
  const folder = join(cache, "published");
  await mkdir(folder, { recursive: true });
  const key = await signingKey(cache, signal);
  try {
    await publishBox({ cache, folder: join(folder, "box"), key, say, signal });
  } finally {
    await letGoOf(key);
  }
  return { folder, fingerprints: { [key.id]: key.fingerprint } };
}
