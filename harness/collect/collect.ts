import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { budget } from "../budgets.ts";
import { mkdir, rm, writeFile } from "../files.ts";
import type { Machine } from "../machines/machine.ts";
import { denialsIn } from "./denials.ts";
import { redact } from "./redact.ts";
import { writeTaken, type Taken } from "./taken.ts";
import { auditTopic, topics } from "./topics.ts";

/**
 * Keeps what each machine can still say, without secrets: `FOLDER/machines/NAME/TOPIC.txt`, and in
 * `FOLDER/machines/taken.json` when that was and who did not answer. Never throws for a machine's sake: one that does
 * not answer leaves the reason, and is not asked again for every topic.
 * @returns how many files of answers were written, and what SELinux denied on the machines, a sentence each
 */
export async function collect(
  machines: readonly Machine[],
  folder: string,
): Promise<{ files: number; denied: string[] }> {
  const signal = AbortSignal.timeout(budget.diagnostics);
  setMaxListeners(0, signal); // every topic of every machine listens
  const at = new Date().toISOString();
  const taken = await Promise.all(machines.map((machine) => collectMachine(machine, folder, signal)));
  await writeTaken(folder, { at, machines: taken.map(({ told }) => told) });
  return {
    files: taken.reduce((sum, { told }) => sum + told.files, 0),
    denied: taken.flatMap(({ told, denied }) => denied.map((what) => `${told.name}: ${what}`)),
  };
}

async function collectMachine(
  machine: Machine,
  folder: string,
  signal: AbortSignal,
): Promise<{ told: Taken["machines"][number]; denied: string[] }> {
  const { name } = machine;
  const home = join(folder, "machines", name);
  await rm(home, { recursive: true, force: true }); // what an earlier judging of a kept lab had left
  await mkdir(home, { recursive: true });
  const silence = await machine.run("true", { signal }).then(() => undefined, reasonOf);
  if (silence !== undefined) {
    await writeFile(join(home, "unanswered.txt"), `${name} did not answer: ${silence}\n`);
    return { told: { name, files: 0, unanswered: silence }, denied: [] };
  }
  const denied: string[] = [];
  const files = Object.entries(topics).map(async ([file, { script }]) => {
    const text = await machine.run(script, { signal }).then(
      ({ stdout, stderr }) => stdout + (stderr === "" ? "" : `\n# standard error\n${stderr}`),
      (error: unknown) => `could not be collected: ${reasonOf(error)}\n`,
    );
    const clean = redact(text);
    await writeFile(join(home, file), clean);
    if (file === auditTopic) denied.push(...denialsIn(clean));
  });
  await Promise.all(files);
  return { told: { name, files: files.length }, denied };
}

const reasonOf = (error: unknown): string => redact(error instanceof Error ? error.message : String(error));
