import type { Daemon, Setting } from "../settings/setting.ts";
import { partsOf, type Graph, type Node } from "./graph.ts";
import type { Candidate } from "./evidence.ts";
import { readByUnit } from "./reach.ts";

/** What is known of every component when judging has ended. */
export interface Standing {
  graph: Graph;
  /** The nodes about which a spec passed and none failed. */
  works: ReadonlySet<Node>;
  daemons: readonly Daemon[];
  /** All that is set on any machine. */
  settings: readonly Setting[];
  /** Whether a setting is the address of a server that works. */
  isServed: (setting: Setting) => boolean;
}

/**
 * Why a line cannot be what is wrong: another daemon reads it, too, and works; or another machine has the same from
 * the same line, and there the same component works. Undefined where nothing speaks for it.
 */
export function alibiOf({ settings }: Candidate, node: Node, standing: Standing): string | undefined {
  const reader = workingReader(settings, node, standing);
  if (reader !== undefined) return `${reader} reads it, too, and works`;
  const peer = workingPeer(settings, node, standing);
  return peer === undefined ? undefined : `${peer} has the same, and works`;
}

/** A unit that reads the setting besides those behind the broken node, on a machine where it works. */
function workingReader(
  settings: readonly Setting[],
  node: Node,
  { graph, works, daemons }: Standing,
): string | undefined {
  const behind = unitsBehind(node, graph);
  for (const setting of settings) {
    if (setting.kind !== "environment") continue;
    const reader = daemons.find(
      ({ unit }) =>
        !behind.includes(unit) &&
        readByUnit(unit, daemons)(setting) &&
        isHealthy(`${setting.machine}/${unit}`, setting.machine, unit, graph, works),
    );
    if (reader !== undefined) return `${setting.machine} ${reader.unit}`;
  }
  return undefined;
}

/** Whether every spec about a unit's own components on a machine passed, and at least one did. */
function isHealthy(
  own: Node,
  machine: string,
  unit: string,
  graph: Graph,
  works: ReadonlySet<Node>,
): boolean {
  const nodes = Object.entries(graph.components)
    .filter(([, { units = [] }]) => units[0] === unit)
    .map(([component]): Node => `${machine}/${component}`);
  return works.has(own) && nodes.every((node) => !graph.isBroken(node));
}

const unitsBehind = (node: Node, graph: Graph): string[] =>
  (graph.components[partsOf(node).component]?.units ?? []).map((place) => place.replace(/^\w+:/, ""));

/** Another machine to which the same line came out the same, and where the same component works. */
function workingPeer(
  settings: readonly Setting[],
  node: Node,
  { graph, works, settings: all }: Standing,
): string | undefined {
  const { machine, component } = partsOf(node);
  const own = settings.filter((setting) => setting.machine === machine);
  if (own.length === 0) return undefined;
  const peers = new Set(all.map((setting) => setting.machine).filter((name) => name !== machine));
  return [...peers].find((peer) => {
    const there = all.filter((setting) => setting.machine === peer);
    const same = own.every((one) => there.some((other) => isSame(one, other)));
    return same && works.has(`${peer}/${component}`) && !graph.isBroken(`${peer}/${component}`);
  });
}

const isSame = (one: Setting, other: Setting): boolean =>
  one.key === other.key &&
  one.flag === other.flag &&
  one.value === other.value &&
  one.source.file === other.source.file &&
  one.source.line === other.source.line;
