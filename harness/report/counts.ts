import type { SpecResult, SpecStatus } from "./results/spec.ts";

/** How many specs came to what: "203 passed, 0 failed", with what else there is. */
export function countsOf(specs: readonly Pick<SpecResult, "status">[]): string {
  const count = (status: SpecStatus) => specs.filter((spec) => spec.status === status).length;
  const more = (["unsteady", "not judged"] as const)
    .map((status) => ({ status, number: count(status) }))
    .filter(({ number }) => number > 0)
    .map(({ status, number }) => `, ${number} ${status}`);
  return `${count("passed")} passed, ${count("failed")} failed${more.join("")}`;
}
