import { setMaxListeners } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { budget } from "../budgets.ts";
import type { Machine } from "../machines/machine.ts";
import { topics } from "./topics.ts";

/**
 * Keeps what each machine can still say: `FOLDER/machines/NAME/TOPIC.txt`. Never throws: a machine that does not
 * answer leaves the reason in place of its answers.
 * @returns how many files were written
 */
export async function collect(machines: readonly Machine[], folder: string): Promise<number> {
  const signal = AbortSignal.timeout(budget.diagnostics);
  setMaxListeners(0, signal); // every topic of every machine listens
  const written = await Promise.all(machines.map((machine) => collectMachine(machine, folder, signal)));
  return written.reduce((sum, count) => sum + count, 0);
}

async function collectMachine(machine: Machine, folder: string, signal: AbortSignal): Promise<number> {
  const home = join(folder, "machines", machine.name);
  await mkdir(home, { recursive: true });
  const files = Object.entries(topics).map(async ([file, script]) => {
    const text = await machine.run(script, { signal }).then(
      ({ stdout, stderr }) => stdout + (stderr === "" ? "" : `\n# standard error\n${stderr}`),
      (error: unknown) => `could not be collected: ${String(error)}\n`,
    );
    await writeFile(join(home, file), text);
  });
  await Promise.all(files);
  return files.length;
}
