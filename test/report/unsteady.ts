import type { Results } from "../../harness/report/results/schema.ts";
import type { SpecResult } from "../../harness/report/results/spec.ts";
import { green } from "./samples.ts";

const rounds = 10;
const saw = "worker1 guestbook's page: expected HTTP status 200, saw none within 5 s";

/** Times that differ from round to round, and yet are the same in every test. */
const steady = ({ title }: SpecResult): NonNullable<SpecResult["rounds"]> =>
  Array.from({ length: rounds }, (_, round) => ({
    status: "passed",
    looks: 1,
    elapsed: 2 + ((title.join().length * (round + 3)) % 9),
  }));

const shaky: NonNullable<SpecResult["rounds"]> = [
  1200, 900, 60_300, 1400, 1100, 60_100, 800, 4200, 1300, 1000,
].map((elapsed) =>
  elapsed > 60_000
    ? { status: "failed", looks: 33, elapsed, saw }
    : { status: "passed", looks: Math.ceil(elapsed / 700), elapsed },
);

/** Ten rounds, in two of which one worker's NodePort did not answer. */
export const unsteady: Results = {
  ...green,
  verdict: "unsteady",
  exitCode: 1,
  rounds,
  specs: green.specs.map((spec) =>
    /answers (master|worker2) through worker1/.test(spec.title.at(-1) ?? "")
      ? {
          ...spec,
          status: "unsteady",
          looks: 84,
          elapsed: 133_000,
          lastSeen: saw,
          rounds: shaky,
        }
      : { ...spec, rounds: steady(spec) },
  ),
};
