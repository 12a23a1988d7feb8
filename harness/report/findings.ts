import type { Cause } from "./results/cause.ts";
import type { Results } from "./results/schema.ts";
import type { Setting, SpecResult, SpecStatus } from "./results/spec.ts";

/** A spec's whole title, as it is printed everywhere. */
export const titleOf = (title: readonly string[]): string => title.join(" › ");

/** The cause that a spec failed for, where one is known. */
export const causeOf = ({ causes }: Results, { title }: SpecResult): Cause | undefined =>
  causes.find(({ specs }) => specs.some((one) => titleOf(one) === titleOf(title)));

/** Where a setting is written: "provision/worker/files/etc/sysconfig/flanneld.hbs:9  FLANNEL_ETCD". */
export const placeOf = ({ file, line, name }: Setting): string =>
  `${file}${line === undefined ? "" : `:${line}`}  ${name}`;

/** What stands before a cause's settings in print: how sure it is that they are behind it. */
export const surenessLabel = {
  proved: "proved",
  "set by": "set by",
  "one of": "one of",
  files: "in",
  none: "none of",
} as const satisfies Record<Cause["sureness"], string>;

/** Why a spec was not judged, in one sentence; the harness has none where a spec broke off by itself. */
export const reasonOf = ({ because, error, lastSeen }: SpecResult): string =>
  because?.sentence ?? error?.message ?? lastSeen ?? "no reason is known";

/** How many specs have each status. */
export function tally(specs: readonly SpecResult[]): Record<SpecStatus, number> {
  const counts: Record<SpecStatus, number> = { passed: 0, failed: 0, unsteady: 0, "not judged": 0 };
  for (const { status } of specs) counts[status] += 1;
  return counts;
}

/** Specs by their file, in the order they were judged in. */
export function byFile(specs: readonly SpecResult[]): Map<string, SpecResult[]> {
  const files = new Map<string, SpecResult[]>();
  for (const spec of specs) files.set(spec.file, [...(files.get(spec.file) ?? []), spec]);
  return files;
}

/**
 * The names of the programs on the machines that were not the real ones; undefined where no machine was observed, so
 * that nobody can know.
 */
export function standInsOf({ machines }: Results): string[] | undefined {
  if (!machines.some(({ system }) => system !== undefined)) return undefined;
  const parts = machines.flatMap((machine) => machine.parts).filter(({ kind }) => kind === "stand-in");
  return [...new Set(parts.map(({ name }) => name))].sort();
}

/** Whether the machines were taken down after they were judged: no command can look at them any more. */
export const areGone = ({ stages }: Results): boolean => stages.some(({ name }) => name === "down");

/** The stage that judged; undefined where a run did not come to it. */
export const judging = ({ stages }: Results) => stages.find(({ name }) => name === "judge");
