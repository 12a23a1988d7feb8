import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode, HardwayError, type ExitCode } from "../errors.ts";
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
  if (error instanceof HardwayError) {
    const { name, message, details, hint } = error;
    return {
      trouble: { kind: name, message, details, ...(hint === undefined ? {} : { hint }) },
      code: error.exitCode,
    };
  }
  const details = error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 8) : [];
  return { trouble: { kind: "Bug", message: String(error), details }, code: exitCode.bug };
}

/** Writes FOLDER/results.json. */
export async function writeResults(folder: string, results: Results): Promise<void> {
  await writeFile(join(folder, "results.json"), `${JSON.stringify(results, undefined, 2)}\n`);
}
