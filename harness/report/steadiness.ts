import { titleOf } from "./findings.ts";
import { onOneLine } from "./plain.ts";
import type { Results } from "./results/schema.ts";
import type { SpecResult, SpecStatus } from "./results/spec.ts";

type Round = NonNullable<SpecResult["rounds"]>[number];

/**
 * Several judgings of the same lab as one: each spec with what became of it in each of them, in order. Its other
 * fields are those of the judging that tells most: the last that failed, else the first that was not judged, else the
 * one that took longest. A spec that a judging did not come to was not judged in it.
 * @param judgings whose evidence counts in the same list of facts
 */
export function merged(judgings: readonly (readonly SpecResult[])[]): SpecResult[] {
  const [only, ...further] = judgings;
  if (only === undefined || further.length === 0) return [...(only ?? [])];
  const rounds = judgings.map((specs) => new Map(specs.map((spec) => [identity(spec), spec])));
  const known = new Set(judgings.flat().map(identity));
  return [...known].map((id) => oneOf(rounds.map((round) => round.get(id))));
}

const identity = ({ file, title }: SpecResult): string => JSON.stringify([file, title]);

function oneOf(rounds: readonly (SpecResult | undefined)[]): SpecResult {
  const there = rounds.filter((round) => round !== undefined);
  const longest = there.reduce((one, other) => (other.elapsed > one.elapsed ? other : one));
  const telling =
    there.findLast(({ status }) => status === "failed" || status === "unsteady") ??
    there.find(({ status }) => status === "not judged") ??
    longest;
  const status = together(rounds.map((round) => round?.status ?? "not judged"));
  return { ...telling, status, rounds: rounds.map(asRound) };
}

const asRound = (spec: SpecResult | undefined): Round => {
  if (spec === undefined) return { status: "not judged", looks: 0, elapsed: 0 };
  const { status, looks, elapsed, lastSeen } = spec;
  return { status, looks, elapsed, ...(lastSeen === undefined ? {} : { saw: lastSeen }) };
};

/**
 * What a spec is after several judgings. Passing in one and failing in another is unsteady, whatever the rest were;
 * passing is only what passed every time it was to.
 */
export function together(statuses: readonly SpecStatus[]): SpecStatus {
  const some = (status: SpecStatus) => statuses.includes(status);
  if (some("unsteady") || (some("passed") && some("failed"))) return "unsteady";
  if (some("failed")) return "failed";
  return some("not judged") || statuses.length === 0 ? "not judged" : "passed";
}

interface Spread {
  min: number;
  median: number;
  max: number;
}

/**
 * How long a spec took in the judgings that came to it, milliseconds; undefined where it never had to wait, for then
 * its time says nothing of the cluster.
 */
export function spread(spec: SpecResult): Spread | undefined {
  const judged = roundsOf(spec).filter(({ status }) => status !== "not judged");
  if (!judged.some(({ looks }) => looks > 1)) return undefined;
  const sorted = judged.map(({ elapsed }) => elapsed).sort((one, other) => one - other);
  const at = (index: number): number => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(sorted.length - 1),
  };
}

/** A spec's judgings; the one it had, where it was judged once. */
const roundsOf = (spec: SpecResult): readonly Round[] => spec.rounds ?? [asRound(spec)];

const marks: Record<SpecStatus, string> = { passed: "✓", failed: "✗", unsteady: "~", "not judged": "?" };

/**
 * The specs that had to wait or did not come to the same each time, as a table for the terminal: a mark for each
 * judging, the looks it took, the least, the median and the most seconds. Empty where there is no such spec.
 */
export function steadinessTable({ specs }: Pick<Results, "specs">): string {
  const shown = specs.filter(
    (spec) =>
      spec.status === "unsteady" ||
      new Set(roundsOf(spec).map(({ status }) => status)).size > 1 ||
      roundsOf(spec).some(({ looks }) => looks > 1),
  );
  if (shown.length === 0) return "";
  // The title comes last, so that the widths of its letters move nothing.
  return aligned([["judged", "looks", "min s", "median s", "max s", "spec"], ...shown.map(row)]);
}

function row(spec: SpecResult): string[] {
  const rounds = roundsOf(spec);
  const looks = rounds.filter(({ status }) => status !== "not judged").map((round) => round.looks);
  const [least, most] = [Math.min(...looks), Math.max(...looks)];
  const times = spread(spec);
  return [
    rounds.map(({ status }) => marks[status]).join(""),
    looks.length === 0 ? "" : least === most ? String(most) : `${least}–${most}`,
    ...[times?.min, times?.median, times?.max].map((ms) => (ms === undefined ? "" : (ms / 1000).toFixed(1))),
    onOneLine(titleOf(spec.title)),
  ];
}

/** Numbers to the right, the first column and the last to the left. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (most, cells) => cells.map((cell, column) => Math.max(most[column] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => {
          if (column === cells.length - 1) return cell;
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join("  "),
    )
    .join("\n");
}
