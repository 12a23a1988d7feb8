import { placed } from "../cause/component.ts";
import { Graph, partsOf, type Node } from "../cause/graph.ts";
import { settingsInReach, type Reachable } from "../cause/reach.ts";
import type { SpecResult } from "../judge/index.ts";
import { onlyLooks } from "../judge/onlookers.ts";
import type { ProvisionResult } from "../provision/result.ts";
import type { Setting } from "../settings/setting.ts";

interface Affected {
  /** Those that are judged at once. */
  now: SpecResult[];
  /** Those that must do something first. */
  later: SpecResult[];
}

/**
 * The specs a change may have broken or mended: those about a component that reads a changed setting or whose unit was
 * restarted, and about all that depends on it.
 * @param changed the settings as they were and as they are
 * @param specs of a whole judging: they tell what each spec is about
 */
export function affectedBy(
  changed: readonly Setting[],
  { machines }: Pick<ProvisionResult, "machines">,
  specs: readonly SpecResult[],
  cluster: Omit<Reachable, "settings">,
): Affected {
  const restarted = new Map(Object.entries(machines).map(([name, made]) => [name, unitsIn(made)]));
  const graph = new Graph(cluster.components, cluster.site);
  const isTouched = (node: Node): boolean => {
    const { machine, component } = partsOf(node);
    const units = (cluster.components[component]?.units ?? []).flatMap((place) =>
      placed(place, machine, cluster.site),
    );
    if (units.some(({ machine: on, what }) => restarted.get(on)?.has(what) === true)) return true;
    return settingsInReach(node, { ...cluster, settings: changed }).length > 0;
  };
  const known = new Map<Node, boolean>();
  const isAffected = (node: Node): boolean => {
    const answer = known.get(node) ?? (isTouched(node) || graph.dependenciesOf(node).some(isAffected));
    known.set(node, answer);
    return answer;
  };
  const open = specs.filter(
    ({ status, link }) => status !== "passed" || (link !== undefined && isAffected(link as Node)),
  );
  return { now: open.filter(onlyLooks), later: open.filter((spec) => !onlyLooks(spec)) };
}

const unitsIn = (made: ProvisionResult["machines"][string]): Set<string> =>
  new Set(made.flatMap(({ kind, what }) => (kind === "unit" ? (what.split(" ")[0] ?? []) : [])));
