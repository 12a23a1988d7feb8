// Answers command lines one after the other in one process, as each would be in one of its own, and prints as JSON what
// became of each: a start of the whole program for every one would take minutes.
import { readFile } from "node:fs/promises";
import { setMaxListeners } from "node:events";
import { answer } from "../../../harness/commands/answer.ts";
import { tell } from "../../../harness/faults.mjs";

/** A command line, and what it said and came to. */
export interface Answered {
  argv: string[];
  code: number;
  said: string;
}

setMaxListeners(0, process);
const [file = ""] = process.argv.slice(2);
const lines = JSON.parse(await readFile(file, "utf8")) as string[][];
const answers: Answered[] = [];
const print = process.stdout.write.bind(process.stdout);
for (const argv of lines) {
  let said = "";
  const hear = (text: string | Uint8Array) => {
    said += String(text);
    return true;
  };
  process.stdout.write = hear;
  process.stderr.write = hear;
  const code = await answer(argv).catch(tell);
  answers.push({ argv, code, said });
}
print(JSON.stringify(answers));
process.exit(0);
