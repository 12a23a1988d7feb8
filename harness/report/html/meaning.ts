import type { Results, Verdict } from "../results/schema.ts";
import { standIns } from "./origin.ts";
import type { Mark } from "./status.ts";

/** How a verdict is shown. */
export const verdictMarks: Record<Verdict, Mark> = {
  works: "passed",
  broken: "failed",
  unsteady: "unsteady",
  "not judged": "unjudged",
};

const headlines: Record<Verdict, string> = {
  works: "The cluster works",
  broken: "The cluster is broken",
  unsteady: "The cluster is unsteady",
  "not judged": "Not judged",
};

/** The verdict in a few words. */
export const headline = ({ verdict, exitCode }: Results): string =>
  exitCode === 4 ? "A bug in hardway-e2e stopped the run" : headlines[verdict];

/** What the verdict means for someone who has not met it before. */
export function meaning(results: Results): string {
  const { verdict, exitCode } = results;
  if (exitCode === 4) return "This says nothing about the cluster: the verifier itself failed.";
  if (exitCode === 2) return "The configuration is wrong; no machine was touched.";
  return {
    works: `These templates make a cluster that works${standIns(results).length > 0 ? ", as far as stand-ins can show" : ""}.`,
    broken: "These templates do not make a cluster that works.",
    unsteady: "It works at times: some specs held in one round and not in another.",
    "not judged":
      "Neither pass nor fail: the lab could not be built, or not be judged. It says nothing about the templates.",
  }[verdict];
}
