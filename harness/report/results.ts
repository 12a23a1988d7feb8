import { join } from "node:path";
import { exitCode, toHardwayError, type ExitCode } from "../errors.ts";
import { writeFile } from "../files.ts";
import type { Results, Verdict } from "./results/schema.ts";

/** The exit code a verdict stands for: what failed once without a change is not known to work. */
export const codeOf = (verdict: Verdict): ExitCode =>
  ({
    works: exitCode.works,
    unsteady: exitCode.broken,
    broken: exitCode.broken,
    "not judged": exitCode.notJudged,
  })[verdict];

/** What stopped a run, as data; an error that is none of ours is a bug. */
export function troubleOf(error: unknown): { trouble: NonNullable<Results["trouble"]>; code: ExitCode } {
  const known = toHardwayError(error);
  if (known !== undefined) {
    const { name, message, details, hint } = known;
    return {
      trouble: { kind: name, message, details, ...(hint === undefined ? {} : { hint }) },
      code: known.exitCode,
    };
  }
  const details = error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 8) : [];
  return { trouble: { kind: "Bug", message: String(error), details }, code: exitCode.bug };
}

/** Writes FOLDER/results.json. */
export async function writeResults(folder: string, results: Results): Promise<void> {
  await writeFile(join(folder, "results.json"), `${JSON.stringify(results, undefined, 2)}\n`);
}
