import { join } from "node:path";
import { mkdir, writeFile } from "../files.ts";
import { publishToGithub } from "./github.ts";
import { htmlReport } from "./html/page.ts";
import { junit } from "./junit.ts";
import type { Results } from "./results/schema.ts";
import { writeResults } from "./results.ts";

/**
 * Writes every report of a run into its folder, all from its results, and tells GitHub where it runs the job.
 * @param say prints a line
 */
export async function writeReports(
  folder: string,
  results: Results,
  say: (line: string) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeResults(folder, results);
  await writeFile(join(folder, "junit.xml"), junit(results));
  await writeFile(join(folder, "report.html"), htmlReport(results));
  if (!results.run.replay) await publishToGithub(results, process.env, say);
}
