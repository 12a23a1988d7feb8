import type { Daemon, Setting } from "../settings/setting.ts";
import { placed, type Components, type Reads, type Site } from "./component.ts";
import { partsOf } from "./graph.ts";

/** What reach is derived from. */
export interface Reachable {
  components: Components;
  site: Site;
  settings: readonly Setting[];
  daemons: readonly Daemon[];
}

/**
 * The settings that a node's component reads: those of its units' files and variables, of their drop-ins, of the plan
 * that starts them, of the steps that speak of them, and of what the component's description says it reads beside.
 * @param node a component on a machine: "worker1/kubelet"
 */
export function settingsInReach(node: string, { components, site, settings, daemons }: Reachable): Setting[] {
  const { machine, component } = partsOf(node);
  const { units = [], reads = [] } = components[component] ?? {};
  const tests = [
    ...units
      .flatMap((place) => placed(place, machine, site))
      .map(({ machine: on, what }) => onMachine(on, readByUnit(what, daemons))),
    ...reads
      .flatMap((place) => placed(place, machine, site))
      .map(({ machine: on, what }) => onMachine(on, readAs(what))),
  ];
  return settings.filter((setting) => tests.some((test) => test(setting)));
}

type Test = (setting: Setting) => boolean;

const onMachine =
  (machine: string, test: Test): Test =>
  (setting) =>
    setting.machine === machine && test(setting);

/** Whether a unit reads a setting. */
export function readByUnit(unit: string, daemons: readonly Daemon[]): Test {
  const daemon = daemons.find((one) => one.unit === unit);
  // A step that only asks a daemon something does not set what it reads.
  const speaks = new RegExp(
    `/etc/(?:\\S*/)?${escaped(unit)}\\b|\\bsystemctl\\b.*\\b${escaped(unit)}\\b|\\b${escaped(unit)}\\.service\\b`,
  );
  return ({ kind, path, key, restarts, value }) => {
    if (kind === "plan") return isInPlan(unit, daemon, key, value);
    if (kind === "step") return restarts.includes(unit) || speaks.test(value);
    if (path === undefined) return false;
    if (path.startsWith(`/etc/systemd/system/${unit}.service`)) return true;
    if (kind === "environment" && daemon?.environmentFiles.includes(path) === true)
      return readsVariable(daemon, key);
    return kind !== "environment" && restarts.includes(unit);
  };
}

/** The plan's items that concern a unit: itself, its package, and how its files are put there. */
function isInPlan(unit: string, daemon: Daemon | undefined, key: string, value: string): boolean {
  if (key === `plan: unit ${unit}` || key === `plan: package ${daemon?.package ?? ""}`) return true;
  const [, file] = /^plan: (?:mode|owner|restarts) of (.+)$/.exec(key) ?? [];
  if (file === undefined) return false;
  return (
    daemon?.environmentFiles.includes(file) === true ||
    file.startsWith(`/etc/systemd/system/${unit}.service`) ||
    (key.startsWith("plan: restarts") && value.split(/[\s,]+/).includes(unit))
  );
}

/** A variable that neither the command line nor the daemon itself reads may be one that was misspelt: only others' are left out. */
const readsVariable = ({ variables, environmentPrefix }: Daemon, key: string): boolean =>
  variables.includes(key) || (environmentPrefix !== undefined && key.startsWith(environmentPrefix));

function readAs(reads: Reads): Test {
  const [kind = "", ...rest] = reads.split(" ");
  const what = rest.join(" ");
  const glob = new RegExp(`^${what.split("*").map(escaped).join(".*")}$`);
  if (kind === "file") return ({ path }) => path !== undefined && glob.test(path);
  if (kind === "step") {
    return ({ kind: of, key }) =>
      of === "step" && key.startsWith("step ") && glob.test(key.slice(5, key.indexOf(":")));
  }
  if (kind === "object") {
    return ({ kind: of, key }) =>
      of === "manifest" && glob.test(key.slice(0, key.indexOf(":")).replace(" ", "/"));
  }
  const item = what.replace(/s$/, "");
  return (setting) => setting.kind === "plan" && setting.key.startsWith(`plan: ${item}`);
}

export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
