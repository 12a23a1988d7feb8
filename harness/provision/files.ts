import { createHash } from "node:crypto";
import { ask } from "./ask.ts";
import type { FileState } from "./ask.ts";
import type { WantedFile } from "./plan.ts";
import { push } from "./push.ts";
import type { Work } from "./work.ts";

function differs(wanted: WantedFile, seen: FileState | undefined): boolean {
  if (seen === undefined) return true;
  const sha256 = createHash("sha256").update(wanted.bytes).digest("hex");
  return seen.sha256 !== sha256 || seen.mode !== wanted.mode || seen.owner !== wanted.owner;
}

/**
 * The files that the machine does not have as they are wanted. What was found at the beginning still holds, but for
 * files that were right then: a package installed since can have brought its own.
 */
async function different(work: Work, files: WantedFile[]): Promise<WantedFile[]> {
  const right = files.filter((file) => !differs(file, work.first.files.get(file.path)));
  if (right.length === 0 || !work.hasChanged("package")) return files.filter((file) => !right.includes(file));
  const now = await ask(work.machine, { files: right.map((file) => file.path) }, work.signal);
  return files.filter((file) => !right.includes(file) || differs(file, now.files.get(file.path)));
}

/** Puts the files in place that the machine does not have as they are wanted. */
export async function placeFiles(work: Work, files: WantedFile[]): Promise<void> {
  const wrong = await different(work, files);
  if (wrong.length === 0) return;
  work.say(`writing ${wrong.map((file) => file.path).join(", ")}`);
  const { files: ours } = work.applied;
  const fresh = wrong.map(({ path }) => path).filter((path) => ours[path] === undefined);
  for (const { path, restarts } of wrong) ours[path] = { restarts };
  await work.record();
  await push(work.machine, wrong, work.signal, fresh);
  for (const { path, restarts, once } of wrong)
    work.changed("file", path, restarts, fresh.includes(path) ? undefined : once);
}
