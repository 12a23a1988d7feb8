import type { Lab } from "../../lab/lab.ts";
import type { Agreement, ClusterSettings, Listener, Place } from "../cluster.ts";
import { lastGiven, valueOf } from "../command-line.ts";
import type { Daemon, Setting, SettingProblem } from "../setting.ts";
import { about, where } from "./problems.ts";

type Machines = ReadonlyMap<string, readonly Setting[]>;

/** A value where it is said; without a setting where a default rules, or the lab file says it. */
interface Said {
  machine: string;
  value: string;
  setting: Setting | undefined;
  from: string;
}

/** What one end says on one machine. */
function saidAt(
  place: Place,
  machine: string,
  settings: readonly Setting[],
  daemons: readonly Daemon[],
): Said[] {
  if ("lab" in place) return [];
  if ("unit" in place) {
    const daemon = daemons.find(({ unit }) => unit === place.unit);
    if (daemon === undefined || !isThere(daemon, settings)) return [];
    const argument = lastGiven(daemon, settings, ...place.flags);
    const value = argument?.value ?? valueOf(daemon, settings, ...place.flags);
    const from = argument === undefined ? `${place.unit}'s default` : where(argument.setting);
    return value === "" ? [] : [{ machine, value, setting: argument?.setting, from }];
  }
  if ("path" in place) {
    return settings
      .filter(({ path, key, state }) => path === place.path && key === place.key && state === "set")
      .map((setting) => ({ machine, value: setting.value, setting, from: where(setting) }));
  }
  return settings
    .filter(({ kind, key }) => kind === "step" && key.replace(/: line \d+$/, "") === place.step)
    .flatMap((setting) => {
      const value = place.finds.exec(setting.value)?.[1];
      return value === undefined ? [] : [{ machine, value, setting, from: where(setting) }];
    });
}

/** A daemon is there where the plan starts it, or where a file that only it reads is placed. */
const isThere = ({ unit }: Daemon, settings: readonly Setting[]): boolean =>
  settings.some(({ kind, key }) => kind === "plan" && key === `plan: unit ${unit}`);

const everywhere = (place: Place, machines: Machines, daemons: readonly Daemon[]): Said[] =>
  [...machines].flatMap(([machine, settings]) => saidAt(place, machine, settings, daemons));

const unquoted = (value: string): string => value.replace(/^(['"])(.*)\1/, "$2");

function checkAgreement(
  { what, ends }: Agreement,
  machines: Machines,
  lab: Lab,
  daemons: readonly Daemon[],
): SettingProblem[] {
  const fromLab = ends.flatMap((place) => ("lab" in place ? [{ place, value: place.lab(lab) }] : []));
  const said = ends.flatMap((place) => everywhere(place, machines, daemons));
  const [standard] = fromLab;
  const valueOfEnd = (one: Said): string => unquoted(one.value);
  if (standard?.value !== undefined) {
    const wanted = standard.value;
    return said
      .filter((one) => one.setting !== undefined && valueOfEnd(one) !== wanted)
      .map(({ value, setting }) =>
        about(
          "warning",
          [setting as Setting],
          `expected the lab's ${standard.place.called} ${wanted} for ${what}, saw ${value}`,
          "take it from the lab file, and change it there",
        ),
      );
  }
  const [first, ...others] = said;
  if (first === undefined) return [];
  const different = others.filter((one) => valueOfEnd(one) !== valueOfEnd(first));
  if (different.length === 0) return [];
  const settings = said.flatMap(({ setting }) => setting ?? []);
  return different.flatMap((one): SettingProblem[] => {
    const at = one.setting ?? first.setting;
    if (at === undefined) return [];
    return [
      {
        ...about(
          "warning",
          [at],
          `expected ${what} to be the same everywhere, saw ${first.value} (${first.from}) and ${one.value} (${one.from})`,
          "change one of the two",
        ),
        settings: [at, ...settings.filter((other) => other !== at)],
      },
    ];
  });
}

interface Endpoint {
  host: string;
  port: string;
}

const endpointsIn = (value: string): Endpoint[] =>
  value.split(/[,\s]+/).flatMap((url) => {
    const [, host = "", port = ""] = /^(?:\w+:\/\/)?(\[[^\]]+\]|[^/:]+):(\d+)/.exec(url) ?? [];
    return host === "" ? [] : [{ host, port }];
  });

const isAny = (host: string): boolean => /^(0\.0\.0\.0|::|\[::\]|\*|)$/.test(host);
const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/.test(host);

interface Served extends Endpoint {
  machine: string;
  settings: Setting[];
  from: string;
}

function servedBy({ serves }: Listener, machines: Machines, daemons: readonly Daemon[]): Served[] {
  const daemon = daemons.find(({ unit }) => unit === serves.unit);
  if (daemon === undefined) return [];
  return [...machines].flatMap(([machine, settings]): Served[] => {
    if (!isThere(daemon, settings)) return [];
    if ("urls" in serves) {
      const given = lastGiven(daemon, settings, ...serves.urls);
      const from = given === undefined ? `${serves.unit}'s default` : where(given.setting);
      return endpointsIn(valueOf(daemon, settings, ...serves.urls)).map((endpoint) => ({
        ...endpoint,
        machine,
        settings: given === undefined ? [] : [given.setting],
        from,
      }));
    }
    const given = [serves.address, serves.port].flatMap(
      (names) => lastGiven(daemon, settings, ...names) ?? [],
    );
    const host = valueOf(daemon, settings, ...serves.address);
    const port = valueOf(daemon, settings, ...serves.port);
    const from = given.map(({ setting }) => where(setting)).join(" and ") || `${serves.unit}'s defaults`;
    return [{ host, port, machine, settings: given.map(({ setting }) => setting), from }];
  });
}

/** Where something is asked for at an address and port at which nothing listens. */
function checkListener(
  listener: Listener,
  machines: Machines,
  lab: Lab,
  daemons: readonly Daemon[],
): SettingProblem[] {
  const served = servedBy(listener, machines, daemons);
  if (served.length === 0) return [];
  const asked = listener.asks.flatMap((place) => everywhere(place, machines, daemons));
  const addressOf = (name: string): string | undefined =>
    lab.machines.find((one) => one.name === name)?.address;
  return asked.flatMap((one): SettingProblem[] =>
    endpointsIn(one.value).flatMap(({ host, port }) => {
      // A script's variable: which machine it is cannot be seen here, but the port can.
      if (host.includes("$") && served.some((other) => other.port === port)) return [];
      const machine = isLoopback(host)
        ? one.machine
        : lab.machines.find(({ name, address }) => name === host || address === host)?.name;
      if (machine === undefined && !host.includes("$")) return [];
      const there = served.filter((other) => other.machine === machine);
      const reached = there.some(
        (other) =>
          other.port === port &&
          (isAny(other.host) ||
            (isLoopback(host)
              ? isLoopback(other.host)
              : other.host === host || other.host === addressOf(machine))),
      );
      if (reached) return [];
      const places = (there.length === 0 ? served : there).map(
        (other) => `${other.machine} ${other.host}:${other.port} (${other.from})`,
      );
      const settings = [
        ...(one.setting === undefined ? [] : [one.setting]),
        ...served.flatMap((other) => other.settings),
      ];
      const [at, ...rest] = settings;
      if (at === undefined) return [];
      return [
        about(
          "warning",
          [at, ...rest],
          `expected ${listener.what} to be asked where it listens, saw ${host}:${port} asked on ${one.machine} (${one.from}) and ${places.join(", ")} served`,
          "change one of the two",
        ),
      ];
    }),
  );
}

/** A name that every machine's daemon must have for itself. */
function checkOwnNames({ ownNames, daemons }: ClusterSettings, machines: Machines): SettingProblem[] {
  return ownNames.flatMap(({ unit, flag }): SettingProblem[] => {
    const daemon = daemons.find((one) => one.unit === unit);
    if (daemon === undefined) return [];
    const given = [...machines.values()].flatMap((settings) => lastGiven(daemon, settings, flag) ?? []);
    return [...new Set(given.map(({ value }) => value))].flatMap((value): SettingProblem[] => {
      const same = given.filter((one) => one.value === value).map(({ setting }) => setting);
      const [first, second, ...more] = same;
      if (first === undefined || second === undefined) return [];
      const names = same.map(({ machine }) => machine).join(" and ");
      return [
        about(
          "warning",
          [first, second, ...more],
          `expected a name of its own for each machine's ${unit}, saw --${flag}=${value} on ${names}`,
          "take the machine's name from the lab file: {{machine.name}}",
        ),
      ];
    });
  });
}

/** Ends of one thing that differ, and values that are not the lab's. */
export const checkEnds = (machines: Machines, lab: Lab, cluster: ClusterSettings): SettingProblem[] => [
  ...cluster.agreements.flatMap((agreement) => checkAgreement(agreement, machines, lab, cluster.daemons)),
  ...cluster.listeners.flatMap((listener) => checkListener(listener, machines, lab, cluster.daemons)),
  ...checkOwnNames(cluster, machines),
];
