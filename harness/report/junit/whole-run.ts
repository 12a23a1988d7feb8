import { tally } from "../findings.ts";
import { onOneLine } from "../plain.ts";
import type { Results } from "../results/schema.ts";
import { element, type Element } from "./xml.ts";

/** Testcases of the run itself: what went wrong in it beside its specs, so that no reader takes it for green. */
export interface WholeRun {
  cases: Element[];
  failures: number;
  errors: number;
}

/**
 * What is red in a run but in none of its specs: machines that could not be provisioned, what stopped the run, and a
 * verdict other than `works` that nothing else in the document would show (every spec skipped, or none there).
 */
export function wholeRun(results: Results): WholeRun {
  const { trouble, verdict, exitCode, specs, provision } = results;
  const unprovisioned = (provision?.failures ?? []).map(({ machine, message, details, hint, unreached }) => {
    const text = [
      message,
      ...details,
      ...unreached.map((unit) => `unreached ${unit}`),
      ...(hint === undefined ? [] : [`look     ${hint}`]),
    ];
    return testcase(`provisions ${machine}`, "failure", "provision", message, text);
  });
  const counts = tally(specs);
  const told = unprovisioned.length + counts.failed + counts.unsteady > 0;
  const stopped =
    trouble === undefined
      ? exitCode === 0 || told
        ? []
        : [unexplained(verdict, specs.length)]
      : [
          testcase(verdictIsReached, "error", trouble.kind, trouble.message, [
            trouble.message,
            ...trouble.details,
            ...(trouble.hint === undefined ? [] : [`hint     ${trouble.hint}`]),
          ]),
        ];
  return {
    cases: [...unprovisioned, ...stopped],
    failures: unprovisioned.length,
    errors: stopped.length,
  };
}

const verdictIsReached = "comes to a verdict on every spec";

const unexplained = (verdict: string, specs: number): Element => {
  const message = `${verdict}: ${specs === 0 ? "there was no spec to judge" : "not every spec was judged"}`;
  return testcase(verdictIsReached, "error", "NotJudged", message, [message]);
};

const testcase = (
  name: string,
  outcome: "failure" | "error",
  type: string,
  message: string,
  text: string[],
): Element =>
  element("testcase", { classname: "run", name: onOneLine(name), time: "0.000" }, [
    element(outcome, { message: onOneLine(message), type }, text.join("\n")),
  ]);
