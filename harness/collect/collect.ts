import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { budget } from "../budgets.ts";
import { mkdir, rm, writeFile } from "../files.ts";
import type { Machine } from "../machines/machine.ts";
import { redact } from "./redact.ts";
import { writeTaken, type Taken } from "./taken.ts";
import { topics } from "./topics.ts";

/**
 * Keeps what each machine can still say, without secrets: `FOLDER/machines/NAME/TOPIC.txt`, and in
 * `FOLDER/machines/taken.json` when that was and who did not answer. Never throws for a machine's sake: one that does
 * not answer leaves the reason, and is not asked again for every topic.
 * @returns how many files of answers were written
 */
export async function collect(machines: readonly Machine[], folder: string): Promise<number> {
  const signal = AbortSignal.timeout(budget.diagnostics);
  setMaxListeners(0, signal); // every topic of every machine listens
  const at = new Date().toISOString();
  const taken = await Promise.all(machines.map((machine) => collectMachine(machine, folder, signal)));
  await writeTaken(folder, { at, machines: taken });
  return taken.reduce((sum, { files }) => sum + files, 0);
}

async function collectMachine(
  machine: Machine,
  folder: string,
  signal: AbortSignal,
): Promise<Taken["machines"][number]> {
  const { name } = machine;
  const home = join(folder, "machines", name);
  await rm(home, { recursive: true, force: true }); // what an earlier judging of a kept lab had left
  await mkdir(home, { recursive: true });
  const silence = await machine.run("true", { signal }).then(() => undefined, reasonOf);
  if (silence !== undefined) {
    await writeFile(join(home, "unanswered.txt"), `${name} did not answer: ${silence}\n`);
    return { name, files: 0, unanswered: silence };
  }
  const files = Object.entries(topics).map(async ([file, { script }]) => {
    const text = await machine.run(script, { signal }).then(
      ({ stdout, stderr }) => stdout + (stderr === "" ? "" : `\n# standard error\n${stderr}`),
      (error: unknown) => `could not be collected: ${reasonOf(error)}\n`,
    );
    await writeFile(join(home, file), redact(text));
  });
  await Promise.all(files);
  return { name, files: files.length };
}

const reasonOf = (error: unknown): string => redact(error instanceof Error ? error.message : String(error));
