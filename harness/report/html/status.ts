import type { SpecStatus } from "../results/spec.ts";

/** A mark's shape; each is told from the others without its colour, too. */
export type Mark = "passed" | "failed" | "unsteady" | "unjudged" | "warning";

/** How a status is shown. */
export const marks: Record<SpecStatus, Mark> = {
  passed: "passed",
  failed: "failed",
  unsteady: "unsteady",
  "not judged": "unjudged",
};

/** Every status, the one to look at first in front. */
export const statuses: readonly SpecStatus[] = ["failed", "unsteady", "not judged", "passed"];
