import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { join } from "node:path";
import type { Observation } from "../facts/fact.ts";

interface Recording extends AsyncDisposable {
  add: (observation: Observation) => void;
}

/** Writes everything that is observed while a lab is judged to FOLDER/observations.jsonl, a line each. */
export function record(folder: string): Recording {
  const file = createWriteStream(join(folder, "observations.jsonl"));
  return {
    add: (observation) => {
      file.write(`${JSON.stringify(observation)}\n`);
    },
    [Symbol.asyncDispose]: async () => {
      file.end();
      await finished(file);
    },
  };
}
