import { basename, join } from "node:path";
import { copyFile, mkdir, rename } from "../../harness/files.ts";
import type { SigningKey } from "./key.ts";

/** Publishes the public half, which hosts and machines check against its fingerprint before they believe it. */
export async function publishKey(key: SigningKey, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, basename(key.publicKey));
  await copyFile(key.publicKey, `${file}.${process.pid}`);
  await rename(`${file}.${process.pid}`, file);
}
