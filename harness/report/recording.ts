import { readdir, readFile } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { join } from "node:path";
import { redact } from "../collect/redact.ts";
import { NotJudged } from "../errors.ts";
import type { Observation } from "../facts/fact.ts";
import { createWriteStream, rm } from "../files.ts";

interface Recording extends AsyncDisposable {
  add: (observation: Observation) => void;
}

const pattern = /^observations(?:-(\d+))?\.jsonl$/;

/** The file of a judging's recording: a lab that is judged several times has one for each. */
const fileName = (round: number): string =>
  round === 1 ? "observations.jsonl" : `observations-${round}.jsonl`;

/**
 * Writes everything that is observed while a lab is judged to FOLDER/observations.jsonl, a line each; the second
 * judging of a run to observations-2.jsonl, and so on. Secrets are taken out on the way. The first one takes the place of all recordings there were.
 */
export async function record(folder: string, round: number): Promise<Recording> {
  if (round === 1) for (const name of await names(folder)) await rm(join(folder, name));
  const path = join(folder, fileName(round));
  const file = createWriteStream(path);
  file.on("error", (error) => Object.assign(error, { path })); // thrown where the recording ends
  return {
    add: (observation) => {
      file.write(`${redact(JSON.stringify(observation))}\n`);
    },
    [Symbol.asyncDispose]: async () => {
      file.end();
      await finished(file);
    },
  };
}

/** A run's recordings, one for each time it was judged. @throws NotJudged where there is none, or one is damaged */
export async function readRecordings(folder: string): Promise<Observation[][]> {
  const found = await names(folder);
  if (found.length === 0) {
    throw new NotJudged({
      message: `expected a recording in ${folder}, saw no observations.jsonl`,
      hint: "a run whose machines never answered has none; its results.json says why",
    });
  }
  return Promise.all(found.map((name) => readRecording(join(folder, name))));
}

async function readRecording(file: string): Promise<Observation[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line, at) => {
    try {
      return JSON.parse(line) as Observation;
    } catch (cause) {
      throw new NotJudged({ message: `${file}:${at + 1}  expected an observation, saw no JSON`, cause });
    }
  });
}

async function names(folder: string): Promise<string[]> {
  const round = (name: string) => Number(pattern.exec(name)?.[1] ?? 1);
  const all = await readdir(folder).catch(() => []);
  return all.filter((name) => pattern.test(name)).sort((one, other) => round(one) - round(other));
}
