import type { MutantOutcome, Proof } from "./proof.ts";

/** How many mutants came to each outcome, the outcomes in the order in which a reader wants them. */
function tallyOf(proofs: readonly Proof[]): [MutantOutcome, number][] {
  const order: MutantOutcome[] = [
    "refused",
    "named",
    "among",
    "not named",
    "wrongly named",
    "refused elsewhere",
    "survived",
    "void",
  ];
  return order
    .map((outcome): [MutantOutcome, number] => [
      outcome,
      proofs.filter((proof) => proof.outcome === outcome).length,
    ])
    .filter(([, count]) => count > 0);
}

/** "30 mutants: 4 refused, 18 named, 5 among, 3 survived". */
export const scoreOf = (proofs: readonly Proof[]): string =>
  `${proofs.length} mutants: ${tallyOf(proofs)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(", ")}`;
