import { readdir } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { join } from "node:path";
import { redact } from "../collect/redact.ts";
import { NotJudged } from "../errors.ts";
import { z } from "zod";
import { observationSchema, type Observation } from "../facts/fact.ts";
import { createWriteStream, rm } from "../files.ts";
import { givenFileSchema, type GivenFile } from "../provision/given.ts";
import { asWritten, parseJson } from "../json-file.ts";
import { asText, readBytes, Unreadable } from "../read.ts";

/**
 * What a recording's first line says. Raised where an observation means something else than before: version 1 had no
 * first line, and one observation for several units.
 */
export const recordingVersion = 2;
const version = z.object({ recording: z.int() });
const header = version.extend({ files: z.array(givenFileSchema) });

/** A judging as it was recorded. */
export interface Recording {
  /** The files that the machines had been given: the templates may be others since. */
  files: GivenFile[];
  observations: Observation[];
}

interface Recorder extends AsyncDisposable {
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
export async function record(folder: string, round: number, files: readonly GivenFile[]): Promise<Recorder> {
  if (round === 1) for (const name of await names(folder)) await rm(join(folder, name));
  const path = join(folder, fileName(round));
  const file = createWriteStream(path);
  file.on("error", (error) => Object.assign(error, { path })); // thrown where the recording ends
  file.write(`${JSON.stringify({ recording: recordingVersion, files })}\n`);
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

/**
 * A run's recordings, one for each time it was judged.
 * @throws NotJudged where there is none, one is damaged, or one is of a version that this one does not read
 */
export async function readRecordings(folder: string): Promise<Recording[]> {
  const found = await names(folder);
  if (found.length === 0) {
    throw new NotJudged({
      message: `expected a recording in ${folder}, saw no observations.jsonl`,
      hint: "a run whose machines never answered has none; its results.json says why",
    });
  }
  return Promise.all(found.map((name) => readRecording(join(folder, name))));
}

/** A recording of very many rounds is longer than this; none of a run is. */
const mostRecorded = 256 * 2 ** 20;

async function readRecording(file: string): Promise<Recording> {
  const text = await readBytes(file, mostRecorded)
    .then(asText)
    .catch((error: unknown) => {
      if (!(error instanceof Unreadable)) throw error;
      throw new NotJudged({ message: `${file}: expected a recording, saw ${error.message}`, cause: error });
    });
  return recordingIn(text, file);
}

/**
 * A recording, from its text.
 * @param file how messages name it
 * @throws NotJudged where a line is no observation, or the version is another
 */
export function recordingIn(text: string, file: string): Recording {
  const [first, ...lines] = text
    .split("\n")
    .map((line, at) => ({ line, at: at + 1 }))
    .filter(({ line }) => line !== "");
  if (first === undefined) throw new NotJudged(`${file}: expected a recording, saw an empty file`);
  const seen = versionIn(first.line, `${file}:${first.at}`);
  if (seen !== recordingVersion) {
    throw new NotJudged({
      message: `${file}: expected a recording of version ${recordingVersion}, saw version ${seen}`,
      hint: "replay it with the hardway-e2e that made it, or judge that lab again",
    });
  }
  const { files } = understood(first, file, header, "a recording's head");
  return {
    files,
    observations: lines.map((line) => understood(line, file, observationSchema, "an observation")),
  };
}

function understood<T>(
  { line, at }: { line: string; at: number },
  file: string,
  schema: z.ZodType<T>,
  expected: string,
): T {
  try {
    return asWritten(parseJson(line), schema);
  } catch (error) {
    throw damaged(`${file}:${at}`, expected, error);
  }
}

/** A recording's version, from its first line; version 1 began with its first observation. */
function versionIn(line: string, place: string): number {
  try {
    const value = parseJson(line);
    return version.safeParse(value).data?.recording ?? (asWritten(value, observationSchema), 1);
  } catch (error) {
    throw damaged(place, "a recording's first line or an observation", error);
  }
}

const damaged = (place: string, expected: string, error: unknown): NotJudged =>
  new NotJudged({
    message: `${place}  expected ${expected}, saw ${error instanceof Error ? error.message : String(error)}`,
    hint: "the file is damaged, or somebody else's; the other reports of that run may still be read",
    cause: error,
  });

async function names(folder: string): Promise<string[]> {
  const round = (name: string) => Number(pattern.exec(name)?.[1] ?? 1);
  const all = await readdir(folder).catch(() => []);
  return all.filter((name) => pattern.test(name)).sort((one, other) => round(one) - round(other));
}
