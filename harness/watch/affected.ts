import type { SpecResult } from "../judge/index.ts";
import { Chain, partsOf, type Link, type Site } from "../judge/chain.ts";
import { onlyLooks } from "../judge/onlookers.ts";
import { settings } from "../judge/settings.ts";
import type { ProvisionResult } from "../provision/result.ts";
import type { LineChange } from "./changes.ts";

interface Affected {
  /** Those that are judged at once. */
  now: SpecResult[];
  /** Those that must do something first. */
  later: SpecResult[];
}

/**
 * The specs a change may have broken or mended: what the changed settings and the restarted units govern, and all that
 * rests on it.
 * @param specs of a whole judging: they tell what each spec is about
 */
export function affectedBy(
  changes: readonly LineChange[],
  { machines }: Pick<ProvisionResult, "machines">,
  specs: readonly SpecResult[],
  site: Site,
): Affected {
  const touched = new Map(Object.entries(machines).map(([name, made]) => [name, unitsIn(made)]));
  const names = changes.map(({ name, after = "", before = "" }) => ({ name, text: `${before} ${after}` }));
  const isTouched = (link: Link): boolean => {
    const { machine, watched } = partsOf(link);
    const { units = [], names: governing } = settings[watched];
    const restarted = touched.get(machine);
    if (units.some((unit) => restarted?.has(unit) === true)) return true;
    if (watched === "guestbook objects" && changes.some(({ of }) => of !== undefined)) return true;
    return (
      changes.some((change) => change.machines.includes(machine)) &&
      governing.some((governed) =>
        names.some(({ name, text }) => name === governed || text.includes(governed)),
      )
    );
  };
  const chain = new Chain(site);
  const known = new Map<Link, boolean>();
  const isAffected = (link: Link): boolean => {
    const answer = known.get(link) ?? (isTouched(link) || chain.groundsOf(link).some(isAffected));
    known.set(link, answer);
    return answer;
  };
  const open = specs.filter(
    ({ status, link }) => status !== "passed" || (link !== undefined && isAffected(link as Link)),
  );
  return { now: open.filter(onlyLooks), later: open.filter((spec) => !onlyLooks(spec)) };
}

const unitsIn = (made: ProvisionResult["machines"][string]): Set<string> =>
  new Set(made.flatMap(({ kind, what }) => (kind === "unit" ? (what.split(" ")[0] ?? []) : [])));
