import { stat } from "node:fs/promises";
import { appendFile } from "../files.ts";
import { annotations } from "./github/annotations.ts";
import { githubSummary } from "./github/summary.ts";
import type { Results } from "./results/schema.ts";

/** GitHub drops a step's whole summary where it is longer than this. */
const stepLimit = 1024 * 1024;

/**
 * Tells GitHub of a run, where it runs the job: the summary goes to the file that GITHUB_STEP_SUMMARY names, and the
 * annotations to the job's output where GITHUB_ACTIONS is "true". A summary that cannot be written is told in a
 * line, and changes nothing.
 * @param out prints a line to the job's output
 * @param previous the results of this lab's last run, where there are some
 */
export async function publishToGithub(
  results: Results,
  env: Readonly<Record<string, string | undefined>>,
  out: (line: string) => void,
  previous?: Results,
): Promise<void> {
  const file = env["GITHUB_STEP_SUMMARY"];
  if (file !== undefined && file !== "") {
    try {
      const there = await stat(file).then(
        ({ size }) => size,
        () => 0,
      );
      // A line end before it, so that what is there already cannot make it part of its own last line.
      await appendFile(file, `\n${githubSummary(results, previous, stepLimit - there - 1)}`);
    } catch (error) {
      out(`the summary for GitHub could not be written: ${String(error)}`);
    }
  }
  if (env["GITHUB_ACTIONS"] === "true") annotations(results).forEach(out);
}
