import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Judgement } from "../judge/index.ts";
import type { Cause } from "./results/cause.ts";
import { resultsSchema, type Results, type Verdict } from "./results/schema.ts";
import type { SpecResult } from "./results/spec.ts";
import { merged } from "./steadiness.ts";

/** What all judgings of a lab say together. */
interface Merged extends Pick<Results, "causes" | "specs" | "facts" | "machines" | "picture"> {
  /** undefined where the lab was never judged. */
  verdict: Verdict | undefined;
}

/**
 * One result from one or more judgings of a lab on which nothing was changed in between. A spec keeps the evidence of
 * the judging in which it failed; causes are those of the first judging that has any.
 */
export function mergeRounds(
  judgements: readonly Judgement[],
): Omit<Merged, "machines"> & Pick<Judgement, "machines"> {
  const last = judgements.at(-1);
  if (last === undefined) return { verdict: undefined, causes: [], specs: [], facts: [], machines: [] };
  const facts = judgements.flatMap((judgement) => judgement.facts);
  const specs = merged(withOffsets(judgements));
  const causes: Cause[] = judgements.find((judgement) => judgement.causes.length > 0)?.causes ?? [];
  return {
    verdict: verdictOf(judgements, specs),
    causes,
    specs,
    facts,
    machines: last.machines,
    picture: (judgements.find(({ verdict }) => verdict === "broken") ?? last).picture,
  };
}

/** Each judging's specs, their evidence counted through all judgings. */
function withOffsets(judgements: readonly Judgement[]): SpecResult[][] {
  let before = 0;
  return judgements.map(({ specs, facts }) => {
    const offset = before;
    before += facts.length;
    return specs.map((spec) => ({ ...spec, evidence: spec.evidence.map((index) => index + offset) }));
  });
}

function verdictOf(judgements: readonly Judgement[], specs: readonly SpecResult[]): Verdict {
  if (specs.some(({ status }) => status === "failed")) return "broken";
  if (specs.some(({ status }) => status === "unsteady")) return "unsteady";
  return judgements.every(({ works }) => works) ? "works" : "not judged";
}

/** What a run's folder says of its last judging; undefined where there was none, or another version wrote it. */
export async function lastResults(folder: string): Promise<Results | undefined> {
  const text = await readFile(join(folder, "results.json"), "utf8").catch(() => "{}");
  const { success, data } = resultsSchema.safeParse(JSON.parse(text));
  return success ? data : undefined;
}

/**
 * An earlier judging of the same lab as a first round, where something failed in it and nothing was changed since:
 * what passes now is then unsteady. Of its specs only those that are judged again count.
 * @param now the judging after it
 * @param revision how often the lab was changed by now
 */
export function earlierRound(earlier: Results | undefined, now: Judgement, revision: number): Judgement[] {
  if (earlier === undefined || earlier.run.replay || earlier.run.revision !== revision) return [];
  const titles = new Set(now.specs.map(({ title }) => title.join(" ")));
  const specs = earlier.specs.filter(({ title }) => titles.has(title.join(" ")));
  if (!specs.some(({ status }) => status === "failed" || status === "unsteady")) return [];
  const { causes, facts } = earlier;
  return [{ ...now, verdict: "broken", works: false, specs, causes, facts, observations: [] }];
}
