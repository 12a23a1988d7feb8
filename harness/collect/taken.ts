import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { mkdir, writeFile } from "../files.ts";

const record = z.object({
  /** When the machines were asked, ISO 8601. */
  at: z.string(),
  machines: z.array(
    z.object({
      name: z.string(),
      /** How many topics were kept. */
      files: z.int(),
      /** Why it did not answer, where it did not. */
      unanswered: z.string().optional(),
    }),
  ),
});

/** When machines were asked for diagnostics, and which answered. */
export type Taken = z.output<typeof record>;

const takenFile = (folder: string): string => join(folder, "machines", "taken.json");

export async function writeTaken(folder: string, taken: Taken): Promise<void> {
  const file = takenFile(folder);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(taken, undefined, 2)}\n`);
}

/** What was written of it in a run's folder; undefined where no machine was asked. */
export async function readTaken(folder: string): Promise<Taken | undefined> {
  try {
    return record.parse(JSON.parse(await readFile(takenFile(folder), "utf8")));
  } catch {
    return undefined; // no machine came so far
  }
}
