import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Preparation } from "../harness/lab/hooks.ts";
import { refuseForeign, rmBesideMounts } from "../harness/files.ts";
import { alone } from "./lock.ts";

/** Removes everything prepare keeps: published parts, the signing key, Debian's packages. */
export default async function clean({ cache, say, signal }: Preparation): Promise<void> {
  const names = await readdir(cache).catch(() => []);
  if (names.length === 0) return;
  refuseForeign(cache);
  const waiting = () => {
    say("waiting for another run, which is preparing these parts");
  };
  await alone(join(cache, "lock"), { waiting, signal }, async () => {
    say(`removing ${names.filter((name) => name !== "lock").join(", ")} from ${cache}`);
    for (const name of names) await rmBesideMounts(join(cache, name));
  });
}
