import type { Judgement } from "../judge/index.ts";
import type { Cause } from "./results/cause.ts";
import type { Results, Verdict } from "./results/schema.ts";
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
