import { inSeconds } from "../plain.ts";
import type { Results, TimeResult } from "../results/schema.ts";
import { table, words } from "./markdown.ts";

/** Each stage's time beside the last run's and the usual one, and what else took longer or shorter than usual. */
export function times(results: Results, previous?: Results): string[] {
  const { stages } = results;
  const usual = new Map(
    results.times.filter(({ kind }) => kind === "stage").map((time) => [time.what, time] as const),
  );
  const rows = stages.map(({ name, status, ms }) => [
    `${status === "done" ? "" : "✗ "}${words(name, 100)}`,
    inSeconds(ms),
    beside(ms, previous?.stages.find((stage) => stage.name === name)?.ms),
    ordinarily(usual.get(name)),
  ]);
  const unusual = results.times
    .filter(({ kind, change }) => kind === "convergence" && (change === "slower" || change === "faster"))
    .slice(0, 50)
    .map((time) => [words(time.what, 100), inSeconds(time.ms), ordinarily(time)]);
  return [
    table(["stage", "this run", "last run", "usual"], rows),
    table(["converged unlike it usually does", "this run", "usual"], unusual),
  ];
}

/** "40.2 s (+0.8 s)": the last run's time, and how much longer it took now. */
function beside(ms: number, last: number | undefined): string {
  if (last === undefined) return "";
  const more = ms - last;
  return `${inSeconds(last)} (${more < 0 ? "−" : "+"}${inSeconds(Math.abs(more))})`;
}

function ordinarily(time: TimeResult | undefined): string {
  if (time?.median === undefined) return "";
  const { median, runs, change } = time;
  return `${inSeconds(median)}, of ${runs} runs${change === "usual" || change === "new" ? "" : `: **${change}**`}`;
}
