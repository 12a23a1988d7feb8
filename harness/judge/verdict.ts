import { AssertionError } from "chai";
import { relative } from "node:path";
import { ClusterBroken, HardwayError, NotAsked } from "../errors.ts";
import type { Observation } from "../facts/fact.ts";
import { project } from "../paths.ts";
import type { Look, SpecResult } from "../report/results/spec.ts";
import type { Node } from "../cause/graph.ts";
import type { MissedLook, Notes } from "./course.ts";
import { brokenBehind, explain, subjectOf, type Explanation } from "./explain.ts";
import { running } from "./running.ts";
import { DependencyBroken } from "./subject.ts";
import { effort, sentenceOf } from "./wording.ts";

/** A spec that has run, as mocha knows it. */
export interface Ended {
  file: string;
  title: string[];
  error: Error | undefined;
  notes: Notes;
  /** Milliseconds by the course's clock. */
  ended: number;
}

/** What became of a spec, with what the verdict on all of them is found from. */
export interface Judged {
  spec: SpecResult;
  evidence: Observation[];
  explanation?: Explanation;
  /** What was expected and what was seen, without how hard it was looked for. */
  sentence?: string;
  /** When it was first seen failing, milliseconds by the course's clock. */
  since?: number;
}

/** Whether an error speaks of the cluster. One that neither chai nor the harness raised is a defect of the spec. */
export const isVerdict = (error: Error | undefined): boolean =>
  error instanceof AssertionError || error instanceof ClusterBroken;

/** Notes at once, before the next spec runs, what a failed spec shows to be broken. */
export function noteBroken({ error, notes, title }: Ended): void {
  if (error === undefined || !isVerdict(error) || brokenBehind(error) !== undefined) return;
  const link = subjectOf(error, notes.subjects)?.link;
  if (link === undefined) return;
  const { graph, acts } = running().course;
  const since = notes.missed[0]?.at;
  const vain = since === undefined ? {} : { vain: { since, acts } };
  graph.break(link, { why: sentenceOf(error), title, ...vain });
}

/** What became of a spec, and where it failed, why. */
export async function judgedFrom(ended: Ended, broken: Node | undefined): Promise<Judged> {
  const { file, title, error, notes } = ended;
  const { waits, evidence, subjects, missed, begun } = notes;
  const subject = error === undefined ? undefined : subjectOf(error, subjects);
  const [only] =
    new Set([...subjects.values()].map(({ machine }) => machine)).size === 1 ? subjects.values() : [];
  const main = subject ?? only ?? [...subjects.values()].at(-1);
  const because = becauseOf(error, broken);
  const status =
    error === undefined ? "passed" : because === undefined && isVerdict(error) ? "failed" : "not judged";
  const explanation =
    status === "failed" && subject !== undefined && error !== undefined ? await explain(subject) : undefined;
  const lastSeen = missed.at(-1)?.saw ?? (error === undefined ? undefined : sentenceOf(error));
  const spec: SpecResult = {
    file: relative(project, file),
    title,
    ...(main === undefined ? {} : { link: main.link }),
    ...((subject ?? only) === undefined ? {} : { machine: (subject ?? only)?.machine }),
    status,
    ...(error instanceof NotAsked ? { optional: true } : {}),
    ...(because === undefined ? {} : { because }),
    looks: waits.reduce((sum, { looks }) => sum + looks, 0) || 1,
    elapsed: Math.max(0, ended.ended - begun),
    waits,
    history: looksOf(missed, begun),
    ...(lastSeen === undefined ? {} : { lastSeen }),
    evidence: [],
    ...(error === undefined ? {} : { error: told(error, notes, explanation) }),
  };
  return {
    spec,
    evidence: [...evidence.values()],
    ...(explanation === undefined ? {} : { explanation }),
    ...(error === undefined ? {} : { sentence: sentenceOf(error), since: missed[0]?.at ?? begun }),
  };
}

function becauseOf(error: Error | undefined, broken: Node | undefined): SpecResult["because"] {
  if (error instanceof DependencyBroken) return { link: error.node, sentence: error.why };
  if (error === undefined || broken === undefined) return undefined;
  return { link: broken, sentence: running().course.graph.whyBroken(broken) };
}

/** The looks at which it did not hold; those in a row that saw the same are one. */
function looksOf(missed: readonly MissedLook[], begun: number): Look[] {
  const looks: Look[] = [];
  for (const { at, saw } of missed) {
    const last = looks.at(-1);
    if (last?.saw === saw) last.count += 1;
    else looks.push({ at: Math.max(0, at - begun), saw, count: 1 });
  }
  return looks;
}

function told(
  error: Error,
  { waits }: Notes,
  explanation: Explanation | undefined,
): NonNullable<SpecResult["error"]> {
  if (!isVerdict(error) && !(error instanceof HardwayError)) {
    const at =
      error.stack
        ?.split("\n")
        .slice(1, 4)
        .map((line) => line.trim()) ?? [];
    return {
      message: `the spec itself broke off: ${error.name}: ${error.message}`,
      details: at,
      settings: [],
    };
  }
  const own = error instanceof HardwayError ? error : { details: [], hint: undefined };
  const hint = explanation?.hint ?? own.hint;
  return {
    message: sentenceOf(error) + (isVerdict(error) ? effort(waits.at(-1)) : ""),
    details: [...own.details, ...(explanation?.details ?? [])],
    ...(hint === undefined ? {} : { hint }),
    settings: [],
  };
}
