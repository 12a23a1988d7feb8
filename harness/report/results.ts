import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode, HardwayError, type ExitCode } from "../errors.ts";
import type { MachineResult, SpecResult } from "../judge/result.ts";
import type { ProvisionResult } from "../provision/result.ts";
import type { StageResult } from "./progress.ts";

export type Verdict = "works" | "broken" | "not judged";

/** Everything a run found, and the only thing its reports are written from. */
export interface Results {
  version: 1;
  verdict: Verdict;
  exitCode: ExitCode;
  /** Why there is no plain verdict from the specs: what stopped the run. */
  trouble?: { kind: string; message: string; details: string[]; hint?: string };
  lab: { name: string; file: string; summary: string; chosen: string; driver: string };
  run: { id: string; label: string; startedAt: string; endedAt: string };
  /** SHA-256 over the templates, the Vagrantfile and the roles, so that two reports can be told to speak of the same. */
  templates: string;
  /** Versions of what ran on the host. */
  tools: Record<string, string>;
  stages: StageResult[];
  machines: (MachineResult & { role: string; address: string })[];
  /** What provisioning changed, and what would not come up. */
  provision?: ProvisionResult;
  specs: SpecResult[];
}

/** The exit code a verdict stands for. */
export const codeOf = (verdict: Verdict): ExitCode =>
  ({ works: exitCode.works, broken: exitCode.broken, "not judged": exitCode.notJudged })[verdict];

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
