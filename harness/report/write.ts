import { mkdir } from "node:fs/promises";
import type { Results } from "./results/schema.ts";
import { writeResults } from "./results.ts";

/**
 * Writes every report of a run into its folder, all from its results.
 * @returns lines worth telling
 */
export async function writeReports(folder: string, results: Results): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  await writeResults(folder, results);
  return [];
}
