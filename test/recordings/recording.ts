import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { withDefaults } from "../../harness/lab/complete.ts";
import type { Lab } from "../../harness/lab/lab.ts";
import { home } from "../../harness/paths.ts";
import {
  readRecordings,
  recordingIn,
  recordingVersion,
  type Recording,
} from "../../harness/report/recording.ts";
import type { ProvisionFailure } from "../../harness/provision/result.ts";
import { readSession } from "../../harness/session.ts";

/** A run as it is kept for tests: the lab, what provisioning said, and everything that was observed. */
export interface KeptRun extends Recording {
  lab: Lab;
  failures: ProvisionFailure[];
}

const folder = import.meta.dirname;
const suffix = ".jsonl.gz";

/** Keeps a run's first recording under a name: the version with the lab in the first line, then one for each observation. */
export async function keep(run: string, name: string): Promise<void> {
  const { lab, provisioned } = await readSession(run);
  const [recording] = await readRecordings(run);
  if (recording === undefined) throw new Error(`expected a recording in ${run}`);
  const { files, observations } = recording;
  // A question says its command itself; 256 characters of it are enough to be read.
  const lines = [
    { recording: recordingVersion, files, lab, failures: provisioned?.failures ?? [] },
    ...observations.map((seen) => ({ ...seen, command: seen.command.slice(0, 256) })),
  ];
  // Where the host that recorded it keeps its cache is nobody's business.
  const text = lines.map((line) => `${JSON.stringify(line).replaceAll(home, "/cache")}\n`).join("");
  await writeFile(join(folder, name + suffix), gzipSync(text, { level: 9 }));
}

/** A kept run. @throws NotJudged where it is damaged, or of another version */
export async function kept(name: string): Promise<KeptRun> {
  const text = gunzipSync(await readFile(join(folder, name + suffix))).toString();
  const recording = recordingIn(text, `test/recordings/${name}${suffix}`);
  const head = JSON.parse(text.slice(0, text.indexOf("\n"))) as Pick<KeptRun, "lab" | "failures">;
  return { ...recording, lab: withDefaults(head.lab), failures: head.failures };
}

/** The names of all kept runs. */
export const keptNames = async (): Promise<string[]> =>
  (await readdir(folder))
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .sort();
