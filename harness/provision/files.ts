import { createHash } from "node:crypto";
import type { FileState } from "./ask.ts";
import type { WantedFile } from "./plan.ts";
import { push } from "./push.ts";
import type { Work } from "./work.ts";

function differs(wanted: WantedFile, seen: FileState | undefined): boolean {
  if (seen === undefined) return true;
  const sha256 = createHash("sha256").update(wanted.content).digest("hex");
  return seen.sha256 !== sha256 || seen.mode !== wanted.mode || seen.owner !== wanted.owner;
}

/** Puts the files in place that the machine does not have as they are wanted. */
export async function placeFiles(work: Work, files: WantedFile[]): Promise<void> {
  const found = await work.look({ files: files.map((file) => file.path) });
  const different = files.filter((file) => differs(file, found.files.get(file.path)));
  if (different.length === 0) return;
  work.say(`writing ${different.map((file) => file.path).join(", ")}`);
  await push(work.machine, different, work.signal);
  for (const { path, restarts } of different) work.changed("file", path, restarts);
}
