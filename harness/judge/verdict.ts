import { AssertionError } from "chai";
import { relative } from "node:path";
import { ClusterBroken, HardwayError } from "../errors.ts";
import { project } from "../paths.ts";
import type { Notes } from "./course.ts";
import { explain, subjectOf } from "./explain.ts";
import type { SpecResult } from "./result.ts";
import { effort, sentenceOf } from "./wording.ts";

/** A spec that has run, as mocha knows it. */
export interface Ended {
  file: string;
  title: string[];
  /** Milliseconds. */
  elapsed: number;
  error: Error | undefined;
  notes: Notes;
}

/**
 * What became of a spec. An error that neither chai nor the harness raised is a defect of the spec, which judges
 * nothing.
 */
export async function resultOf({ file, title, elapsed, error, notes }: Ended): Promise<SpecResult> {
  const { waits, evidence, subjects } = notes;
  const last = waits.at(-1);
  const lastSeen = error === undefined ? last?.lastSeen : sentenceOf(error);
  const machines = new Set([...subjects.values()].map(({ machine }) => machine));
  const machine = error === undefined ? undefined : subjectOf(error, subjects)?.machine;
  const [only] = machines.size === 1 ? machines : [];
  return {
    file: relative(project, file),
    title,
    ...spread("machine", machine ?? only),
    status: error === undefined ? "passed" : isVerdict(error) ? "failed" : "not judged",
    looks: waits.reduce((sum, { looks }) => sum + looks, 0) || 1,
    elapsed,
    ...spread("lastSeen", lastSeen),
    evidence,
    ...(error === undefined ? {} : { error: await told(error, notes) }),
  };
}

const spread = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, string>);

const isVerdict = (error: Error): boolean =>
  error instanceof AssertionError || error instanceof ClusterBroken;

async function told(error: Error, { waits, subjects }: Notes): Promise<NonNullable<SpecResult["error"]>> {
  if (!isVerdict(error)) {
    if (error instanceof HardwayError) {
      const { message, details, hint } = error;
      return { message, details, ...spread("hint", hint) };
    }
    const at =
      error.stack
        ?.split("\n")
        .slice(1, 4)
        .map((line) => line.trim()) ?? [];
    return { message: `the spec itself broke off: ${error.name}: ${error.message}`, details: at };
  }
  const subject = subjectOf(error, subjects);
  const { details, hint } = subject === undefined ? { details: [] } : await explain(subject);
  const own = error instanceof HardwayError ? error : { details: [], hint: undefined };
  return {
    message: sentenceOf(error) + effort(waits.at(-1)),
    details: [...own.details, ...details],
    ...spread("hint", hint ?? own.hint),
  };
}
