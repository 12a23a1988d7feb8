import type { Observation } from "../facts/fact.ts";
import type { Cause } from "../report/results/cause.ts";
import type { Picture } from "../report/results/picture.ts";
import type { FactResult, MachineResult, Verdict } from "../report/results/schema.ts";
import type { SpecResult } from "../report/results/spec.ts";

export type { MachineResult, SpecResult };

/** What the specs say of a lab. */
export interface Judgement {
  specs: SpecResult[];
  /** One failed spec makes it broken; else one that was not judged, or no spec at all, makes it not judged. */
  verdict: Exclude<Verdict, "unsteady">;
  works: boolean;
  /** The broken links that no other broken link explains. */
  causes: Cause[];
  /** Why it was not judged, where no spec says so. */
  reason?: string;
  machines: Pick<MachineResult, "name" | "system" | "parts">[];
  /** What specs' `evidence` points at. */
  facts: FactResult[];
  picture: Picture;
  /** Everything that was observed, in order. */
  observations: readonly Observation[];
}

/** The verdict on all specs that were asked; "could not judge" is neither pass nor fail. */
export function verdictOn(all: readonly SpecResult[]): Judgement["verdict"] {
  const specs = all.filter(({ optional }) => optional !== true);
  if (specs.some(({ status }) => status === "failed")) return "broken";
  return specs.length > 0 && specs.every(({ status }) => status === "passed") ? "works" : "not judged";
}
