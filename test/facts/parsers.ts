import { read } from "../../harness/facts/observe.ts";
import type { Fact, Observation, Output } from "../../harness/facts/fact.ts";

/** What a fact makes of an output, as if observed on worker1. */
export function parsed<T, A extends readonly string[]>(
  fact: Fact<T, A>,
  output: string | Partial<Output & Pick<Observation, "slack">>,
  ...args: A
): T {
  const given = typeof output === "string" ? { stdout: output } : output;
  return read(fact.parse, {
    machine: "worker1",
    ...fact.ask(...args),
    at: "2026-11-23T04:05:06.000Z",
    ms: 1,
    code: 0,
    stdout: "",
    stderr: "",
    ...given,
  });
}
