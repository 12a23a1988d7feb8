import type { SpecResult } from "./results/spec.ts";

/** placeholder until merged */
export const steady = (rounds: readonly (readonly SpecResult[])[]): SpecResult[] => [
  ...(rounds.at(-1) ?? []),
];
