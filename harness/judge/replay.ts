import type { Known } from "../cause/evidence.ts";
import type { ProvisioningFailures } from "../cause/graph.ts";
import type { Observation } from "../facts/fact.ts";
import { RecordedClock, recordedObservers } from "../facts/recorded.ts";
import type { Lab } from "../lab/lab.ts";
import type { GivenFile } from "../provision/given.ts";
import { judgeObserved, specFiles } from "./judge.ts";
import type { Judgement, SpecResult } from "./result.ts";

interface ReplayOptions {
  /** Only specs whose full title matches. */
  grep?: RegExp | undefined;
  signal: AbortSignal;
  onSpec?: (result: SpecResult) => void;
  known: Known;
  failures: ProvisioningFailures;
  files?: readonly GivenFile[];
  /** Absolute paths of spec files; the project's own where there are none. */
  specs?: readonly string[];
}

/**
 * Judges a lab again from what was observed on it, with no machine, by the recording's own time.
 * @throws the signal's reason
 */
export async function replay(
  lab: Lab,
  observations: readonly Observation[],
  { grep, signal, onSpec = () => undefined, known, files = [], failures, specs }: ReplayOptions,
): Promise<Judgement> {
  const clock = new RecordedClock(observations);
  return judgeObserved(
    lab,
    recordedObservers(lab.machines, observations, clock),
    { ...(grep === undefined ? {} : { grep }), signal, onSpec, known, files, failures },
    { clock, specs: specs ?? (await specFiles()) },
  );
}
