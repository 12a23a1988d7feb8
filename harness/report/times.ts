import { runOf, type PastRun } from "./history.ts";
import type { Results, TimeResult } from "./results/schema.ts";

/** With fewer comparable runs, a median says nothing yet. */
const fewest = 5;
/** How many of the latest comparable runs count: what a host does now, not what it did last month. */
const recent = 20;
/**
 * What is noise. The median absolute deviation, times 1.4826, is the standard deviation of what is normally
 * distributed, and one run that went wrong does not move it; 4 of these, since of five runs it is known only roughly
 * and some thirty times are compared in each run. It can be next to nothing for runs that happened to be alike, so at
 * least a sixth of the median and a fixed time: a look at an emulated machine takes up to a second, and waits are
 * looked at again after that.
 */
const noise = { deviations: 4 * 1.4826, share: 1 / 6, stage: 3000, convergence: 2000 };

/**
 * How long each completed stage and each convergence took, beside what it usually takes in this lab's past runs with
 * the same driver and the same stand-ins. It is information, and never a reason to fail.
 */
export function timesOf(results: Results, past: readonly PastRun[]): TimeResult[] {
  const run = runOf(results);
  const comparable = past.filter((other) => other.id !== run.id && isAlike(run, other));
  // A broken cluster is waited for until budgets end, which says nothing of how long a working one takes.
  const working = comparable.filter(({ verdict }) => verdict === "works" || verdict === "unsteady");
  const stages = Object.entries(run.stages).map(([what, ms]) => {
    const others = what === "judge" ? working.filter(({ judged }) => judged === run.judged) : comparable;
    return timeOf(
      { what, kind: "stage", ms },
      others.map(({ stages: took }) => took[what]),
    );
  });
  const convergence = Object.entries(run.convergence).map(([what, ms]) =>
    timeOf(
      { what, kind: "convergence", ms },
      working.map(({ convergence: took }) => took[what]),
    ),
  );
  return [...stages, ...convergence];
}

/** A line for each time that is longer than usual: "provision 180 s, usually 145 s (median of 12 runs)". */
export const slower = ({ times }: Pick<Results, "times">): string[] =>
  times
    .filter(({ change }) => change === "slower")
    .map(
      ({ what, ms, median: usual = 0, runs }) =>
        `${what} ${seconds(ms)}, usually ${seconds(usual)} (median of ${runs} runs)`,
    );

/** Stand-ins are not known of a run in which no machine was observed. */
function isAlike(run: PastRun, other: PastRun): boolean {
  if (run.driver !== other.driver) return false;
  if (run.standIns === undefined || other.standIns === undefined) return true;
  return run.standIns.join() === other.standIns.join();
}

function timeOf(time: Pick<TimeResult, "what" | "kind" | "ms">, others: (number | undefined)[]): TimeResult {
  const past = others.filter((ms) => ms !== undefined).slice(-recent);
  if (past.length < fewest) return { ...time, runs: past.length, change: "new" };
  const usual = medianOf(past);
  const deviation = medianOf(past.map((ms) => Math.abs(ms - usual)));
  const allowed = Math.max(noise.deviations * deviation, noise.share * usual, noise[time.kind]);
  const beyond = Math.abs(time.ms - usual) > allowed;
  const change = !beyond ? "usual" : time.ms > usual ? "slower" : "faster";
  return { ...time, median: usual, runs: past.length, change };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

const seconds = (ms: number): string =>
  ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
