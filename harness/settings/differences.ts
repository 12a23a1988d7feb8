import { effectsOf, placeOf } from "./effects.ts";
import type { Effect } from "./effects.ts";
import type { Setting, SettingSource } from "./setting.ts";

/** One thing that is set otherwise than before, on all machines on which it changed alike. */
export interface Difference {
  /** `worker1, worker2 kubelet: --api-servers http://10.146.47.100:8080 → :8081`. */
  sentence: string;
  machines: readonly string[];
  kind: Setting["kind"];
  /** What was set, a machine each; empty where nothing was. */
  before: readonly Effect[];
  /** What is set now, a machine each; empty where nothing is any more. */
  after: readonly Effect[];
  /** Where it is written now; where it was written if it is gone. */
  source: SettingSource;
}

interface Change {
  before: Effect | undefined;
  after: Effect | undefined;
}

const sameValues = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value, index) => value === other[index]);

/** Where a value's parts end: the part that two values have in common is left out up to there. */
const boundary = /[:/,=\s]/;

/** The second value without what it has in common with the first, where what is left can be understood. */
function rest(before: string, after: string): string {
  let common = 0;
  while (common < before.length && before.charAt(common) === after.charAt(common)) common++;
  while (common > 0 && !boundary.test(after.charAt(common))) common--;
  return common >= 8 && common < after.length - 1 ? after.slice(common).trimStart() : after;
}

/** The lines that only one of two texts has, in order: what a person would call the change. */
function changedLines(
  before: readonly string[],
  after: readonly string[],
): { gone: string[]; come: string[] } {
  const lengths = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row !== undefined)
        row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const [gone, come]: [string[], string[]] = [[], []];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) [i, j] = [i + 1, j + 1];
    else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1)))
      gone.push(before[i++] ?? "");
    else come.push(after[j++] ?? "");
  }
  return { gone, come };
}

const quoted = (text: string): string => (text === "" ? '""' : text);

/** What became of values: `8080 → 8081`, `"a" added`. */
function transition(before: readonly string[], after: readonly string[]): string {
  const [one, other] = [before[0], after[0]];
  if (before.length <= 1 && after.length <= 1) {
    if (one === undefined) return other === undefined || other === "" ? "added" : `${other} added`;
    if (other === undefined) return one === "" ? "removed" : `${one} removed`;
    return `${quoted(one)} → ${quoted(rest(one, other))}`;
  }
  const { gone, come } = changedLines(before, after);
  if (gone.length === 1 && come.length === 1) return `${quoted(gone[0] ?? "")} → ${quoted(come[0] ?? "")}`;
  const told = [
    ...(gone.length === 0 ? [] : [`removed ${gone.map(quoted).join(" ⏎ ")}`]),
    ...(come.length === 0 ? [] : [`added ${come.map(quoted).join(" ⏎ ")}`]),
  ];
  return told.join(", ");
}

/** Who or what it is set for: the one unit that reads the file, else the file. */
function subject({ kind, path, settings: [setting] }: Effect): string {
  const [unit, ...more] = setting?.restarts ?? [];
  if (kind === "environment" && unit !== undefined && more.length === 0) return unit;
  return path ?? { step: "", plan: "", vagrantfile: "Vagrantfile" }[kind as string] ?? kind;
}

/** What is set, as its own reader names it. */
function named({ key, flag }: Effect): string {
  if (flag === undefined) return key;
  return flag.startsWith("word ") ? `${key} ${flag}` : flag;
}

function sentence(machines: readonly string[], { before, after }: Change): string {
  const effect = after ?? before;
  if (effect === undefined) return "";
  const about = [machines.join(", "), subject(effect)].filter((text) => text !== "").join(" ");
  const name = named(effect);
  const [was, is] = [before?.values ?? [], after?.values ?? []];
  // What a plan or a list of names has or has not is told by its name.
  const byName = ["plan", "hosts", "modules"].includes(effect.kind);
  const isThere = byName && (before === undefined || after === undefined);
  const what = isThere
    ? after === undefined
      ? "removed"
      : "added"
    : isOrder(effect)
      ? moved(was, is)
      : transition(was, is);
  return `${about}${name === "" ? "" : `${subject(effect) === "" ? " " : ": "}${name}`} ${what}`;
}

const isOrder = ({ kind, key }: Effect): boolean => kind === "plan" && key.startsWith("plan: order of ");

const itemsIn = ([order = ""]: readonly string[]): string[] =>
  order.split(", ").filter((item) => item !== "");

/** What became of a plan's order: `unit docker moved`. */
function moved(before: readonly string[], after: readonly string[]): string {
  const { gone, come } = changedLines(itemsIn(before), itemsIn(after));
  const both = gone.filter((item) => come.includes(item));
  const told = [
    ...(both.length === 0 ? [] : [`${both.join(", ")} moved`]),
    ...gone.filter((item) => !both.includes(item)).map((item) => `${item} removed`),
    ...come.filter((item) => !both.includes(item)).map((item) => `${item} added`),
  ];
  return told.join(", ");
}

const alike = ({ before, after }: Change): string => {
  const effect = after ?? before;
  if (effect === undefined) return "";
  const { kind, path = "", key, flag = "" } = effect;
  return JSON.stringify([kind, path, key, flag, before?.values, after?.values]);
};

/**
 * What is set otherwise, in the order of the later settings, what is gone last. Comments, blanks, quoting, and order that
 * means nothing are no difference; a plan's order, modes and packages, scripts' lines and the Vagrantfile's are.
 */
export function differencesOf(before: readonly Setting[], after: readonly Setting[]): Difference[] {
  const [was, is] = [effectsOf(before), effectsOf(after)];
  const [then, now] = [machinesOf(was), machinesOf(is)];
  const stays = ([, { machine }]: [string, Effect]): boolean => then.has(machine) && now.has(machine);
  const places = [...new Set([...is, ...was].filter(stays).map(([place]) => place))];
  const groups = new Map<string, Change[]>();
  for (const place of places) {
    const change = { before: was.get(place), after: is.get(place) };
    if (
      change.before !== undefined &&
      change.after !== undefined &&
      sameValues(change.before.values, change.after.values)
    )
      continue;
    groups.set(alike(change), [...(groups.get(alike(change)) ?? []), change]);
  }
  const whole = [
    ...[...now].filter((name) => !then.has(name)).map((name) => wholeMachine(name, undefined, is)),
    ...[...then].filter((name) => !now.has(name)).map((name) => wholeMachine(name, was, undefined)),
  ].flatMap((one) => one ?? []);
  const others = folded(
    [...groups.values()].flatMap((changes): Difference[] => {
      const [first] = changes;
      const effect = first?.after ?? first?.before;
      const source = sourceOf(first);
      if (first === undefined || effect === undefined || source === undefined) return [];
      const machines = changes.flatMap((one) => (one.after ?? one.before)?.machine ?? []);
      return [
        {
          sentence: sentence(machines, first),
          machines,
          kind: effect.kind,
          before: changes.flatMap((one) => one.before ?? []),
          after: changes.flatMap((one) => one.after ?? []),
          source,
        },
      ];
    }),
  );
  return [...whole, ...others];
}

const machinesOf = (effects: ReadonlyMap<string, Effect>): Set<string> =>
  new Set([...effects.values()].map(({ machine }) => machine));

/** A machine that was not there before, or is not any more: one difference, and not all that is set on it. */
function wholeMachine(
  name: string,
  was: ReadonlyMap<string, Effect> | undefined,
  is: ReadonlyMap<string, Effect> | undefined,
): Difference | undefined {
  const own = (effects: ReadonlyMap<string, Effect> | undefined): Effect[] =>
    [...(effects?.values() ?? [])].filter(({ machine }) => machine === name);
  const [before, after] = [own(was), own(is)];
  const all = [...after, ...before];
  const source = (all.find(({ key }) => key === "config.vm.define") ?? all[0])?.settings[0]?.source;
  if (source === undefined) return undefined;
  const sentence = `${name} ${after.length > 0 ? "is new" : "is gone"}`;
  return { sentence, machines: [name], kind: "vagrantfile", before, after, source };
}

/** Whether one difference says nothing that another does not: `KUBELET_ARGS=""` that got its first flag, or lost its last. */
function isPartOf(one: Difference, other: Difference): boolean {
  const [effect] = [...one.after, ...one.before];
  const [main] = [...other.after, ...other.before];
  if (effect === undefined || main === undefined || one === other) return false;
  if (one.machines.some((machine) => !other.machines.includes(machine))) return false;
  if (isOrder(effect)) {
    const { gone, come } = changedLines(
      itemsIn(one.before[0]?.values ?? []),
      itemsIn(one.after[0]?.values ?? []),
    );
    const [item = "", ...more] = [...gone, ...come];
    return (
      main.key === `plan: ${item}` && more.length === 0 && other.before.length * other.after.length === 0
    );
  }
  const isEmpty =
    effect.flag === undefined &&
    sameValues(effect.values, [""]) &&
    one.before.length * one.after.length === 0;
  return isEmpty && main.flag !== undefined && main.path === effect.path && main.key === effect.key;
}

/** Puts what is only part of another difference into it. */
function folded(differences: readonly Difference[]): Difference[] {
  const into = new Map(
    differences.flatMap((one) => {
      const main = differences.find((other) => isPartOf(one, other));
      return main === undefined ? [] : [[one, main] as const];
    }),
  );
  return differences
    .filter((one) => !into.has(one))
    .map((main) => {
      const parts = [...into].filter(([, other]) => other === main).map(([one]) => one);
      return {
        ...main,
        before: [...main.before, ...parts.flatMap(({ before }) => before)],
        after: [...main.after, ...parts.flatMap(({ after }) => after)],
      };
    });
}

/** The line that changed: of several, the first that is not as it was. */
function sourceOf(change: Change | undefined): SettingSource | undefined {
  const { before, after } = change ?? {};
  const known = new Set(before?.values);
  const changed = after?.settings.find(({ value }) => !known.has(value)) ?? after?.settings[0];
  if (changed !== undefined && after !== undefined && after.values.length >= (before?.values.length ?? 0))
    return changed.source;
  const left = new Set(after?.values);
  return (before?.settings.find(({ value }) => !left.has(value)) ?? before?.settings[0] ?? changed)?.source;
}

/** What settings come to once differences are made to them: `differencesOf(a, b)` makes of a's effects b's. */
export function applyDifferences(
  effects: ReadonlyMap<string, Effect>,
  differences: readonly Difference[],
): Map<string, Effect> {
  const applied = new Map(effects);
  for (const { before, after } of differences) {
    for (const effect of before) applied.delete(placeOf(effect));
    for (const effect of after) applied.set(placeOf(effect), effect);
  }
  return applied;
}
