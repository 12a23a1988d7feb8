import type { Lab } from "../../lab/lab.ts";
import type { Agreement, ClusterSettings, Listener, Place } from "../cluster.ts";
import { lastGiven, missingAt, valueOf } from "../command-line.ts";
import type { Argument } from "../command-line.ts";
import type { Daemon, Setting, SettingProblem } from "../setting.ts";
import { about, where } from "./problems.ts";

type Machines = ReadonlyMap<string, readonly Setting[]>;

/** A value where it is said; without a setting where a default rules, or the lab file says it. */
interface Said {
  machine: string;
  value: string;
  setting: Setting | undefined;
  /** Where it would be said, where a default rules. */
  missing: Setting | undefined;
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
    const value = argument?.value ?? place.otherwise ?? valueOf(daemon, settings, ...place.flags);
    const from = argument === undefined ? `${place.unit}'s default` : where(argument.setting);
    const missing = argument === undefined ? missingAt(daemon, settings, ...place.flags) : undefined;
    return value === "" ? [] : [{ machine, value, setting: argument?.setting, missing, from }];
  }
  if ("path" in place) {
    return settings
      .filter(({ path, key, state }) => path === place.path && key === place.key && state === "set")
      .map((setting) => ({
        machine,
        value: setting.value,
        setting,
        missing: undefined,
        from: where(setting),
      }));
  }
  return settings
    .filter(({ kind, key }) => kind === "step" && key.replace(/: line \d+$/, "") === place.step)
    .flatMap((setting) => {
      const value = place.finds.exec(setting.value)?.[1];
      return value === undefined
        ? []
        : [{ machine, value, setting, missing: undefined, from: where(setting) }];
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
    return said.flatMap((one): SettingProblem[] => {
      const at = one.setting ?? one.missing;
      if (at === undefined || valueOfEnd(one) === wanted) return [];
      const saw = one.setting === undefined ? `${one.value}, ${one.from}` : one.value;
      const message = `expected the lab's ${standard.place.called} ${wanted} for ${what}, saw ${saw}`;
      return [about("warning", [at], message, "take it from the lab file, and change it there")];
    });
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
  /** What gives the address and the port, where it is not the default. */
  address: Argument | undefined;
  at: Argument | undefined;
  /** Where its address would be given, where the default rules and the line is there as a comment. */
  missing: Setting | undefined;
}

const commented = (setting: Setting | undefined): Setting | undefined =>
  setting?.state === "commented" ? setting : undefined;

function servedBy({ serves }: Listener, machines: Machines, daemons: readonly Daemon[]): Served[] {
  const daemon = daemons.find(({ unit }) => unit === serves.unit);
  if (daemon === undefined) return [];
  return [...machines].flatMap(([machine, settings]): Served[] => {
    if (!isThere(daemon, settings)) return [];
    if ("urls" in serves) {
      const given = lastGiven(daemon, settings, ...serves.urls);
      const value = valueOf(daemon, settings, ...serves.urls);
      const missing =
        given === undefined ? commented(missingAt(daemon, settings, ...serves.urls)) : undefined;
      return endpointsIn(value).map((endpoint) => ({
        ...endpoint,
        machine,
        address: given,
        at: given,
        missing,
      }));
    }
    return [
      {
        host: valueOf(daemon, settings, ...serves.address),
        port: valueOf(daemon, settings, ...serves.port),
        machine,
        address: lastGiven(daemon, settings, ...serves.address),
        at: lastGiven(daemon, settings, ...serves.port),
        missing: commented(missingAt(daemon, settings, ...serves.address)),
      },
    ];
  });
}

/** What is asked for, the machine it is asked of, and what serves there another port or address. */
interface Unserved {
  asked: Said;
  endpoint: Endpoint;
  there: Served[];
  differs: "port" | "address";
}

function unservedIn(served: readonly Served[], asked: Said, lab: Lab): Unserved[] {
  const addressOf = (name: string): string | undefined =>
    lab.machines.find((one) => one.name === name)?.address;
  return endpointsIn(asked.value).flatMap((endpoint): Unserved[] => {
    const { host, port } = endpoint;
    const machine = isLoopback(host)
      ? asked.machine
      : lab.machines.find(({ name, address }) => name === host || address === host)?.name;
    // Which machine a script's variable is cannot be seen here, but the port can.
    const there = host.includes("$") ? [...served] : served.filter((one) => one.machine === machine);
    if (machine === undefined && !host.includes("$")) return [];
    const samePort = there.filter((one) => one.port === port);
    const reached = samePort.some(
      (one) =>
        isAny(one.host) ||
        host.includes("$") ||
        (isLoopback(host)
          ? isLoopback(one.host)
          : one.host === host || one.host === addressOf(machine ?? "")),
    );
    if (reached) return [];
    return [{ asked, endpoint, there, differs: samePort.length > 0 ? "address" : "port" }];
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
  const unserved = asked.flatMap((one) => unservedIn(served, one, lab));
  const hint = "one of the two is to be changed: what is served, or what is asked";
  const ends = ({ there, differs }: Unserved): Argument[] =>
    there.flatMap((one) => (differs === "port" ? one.at : one.address) ?? []);
  const shownAt = (one: Served): string => {
    const given = [
      ...new Set([one.at, one.address].flatMap((argument) => argument?.setting ?? []).map(where)),
    ];
    return `${one.host}:${one.port} on ${one.machine} (${given.join(", ") || "by default"})`;
  };
  const explicit = unserved.flatMap(ends);
  const [first] = explicit;
  if (
    first !== undefined &&
    unserved.length > 1 &&
    asked.length === new Set(unserved.map((one) => one.asked)).size
  ) {
    // Nothing that asks comes to it: what is served differs from all of them.
    const settings = [...explicit, ...unserved.map((one) => one.asked)].flatMap(
      ({ setting }) => setting ?? [],
    );
    const wanted = [...new Set(unserved.map(({ endpoint }) => `${endpoint.host}:${endpoint.port}`))].join(
      ", ",
    );
    const saw = served.map(({ host, port, machine }) => `${host}:${port} on ${machine}`).join(", ");
    const message = `expected ${listener.what} to listen where it is asked, at ${wanted}, saw it at ${saw}`;
    return [
      about(
        "warning",
        [first.setting, ...new Set(settings.filter((one) => one !== first.setting))],
        message,
        hint,
      ),
    ];
  }
  return unserved.flatMap((one): SettingProblem[] => {
    const missing = [one.asked.missing, ...one.there.map((other) => other.missing)].flatMap((at) => at ?? []);
    const settings = [one.asked, ...ends(one)].flatMap(({ setting }) => setting ?? []);
    const [at, ...rest] =
      one.asked.setting === undefined ? [...missing, ...settings] : [...settings, ...missing];
    if (at === undefined) return [];
    const { host, port } = one.endpoint;
    const saw = (one.there.length === 0 ? served : one.there).map(shownAt).join(", ");
    const message = `expected ${listener.what} to be asked where it listens, saw ${host}:${port} asked and ${saw} served`;
    return [about("warning", [at, ...rest], message, hint)];
  });
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

/** Flags without which a daemon does not start, or does nothing. */
export function checkNeeds(machines: Machines, { needs, daemons }: ClusterSettings): SettingProblem[] {
  return needs.flatMap(({ unit, flags, why, isFatal }) => {
    const daemon = daemons.find((one) => one.unit === unit);
    if (daemon === undefined) return [];
    return [...machines.values()].flatMap((settings): SettingProblem[] => {
      if (!isThere(daemon, settings)) return [];
      const given = flags.map((flag) => lastGiven(daemon, settings, flag));
      if (given.some((argument) => argument !== undefined && argument.value !== "")) return [];
      const at =
        given.find((argument) => argument !== undefined)?.setting ?? missingAt(daemon, settings, ...flags);
      if (at === undefined) return [];
      const names = flags.map((flag) => `--${flag}`).join(" or ");
      const severity = isFatal && daemon.flagsAreExact ? "refused" : "warning";
      return [about(severity, [at], `expected ${names} for ${unit}, saw none`, why)];
    });
  });
}

/** Ends of one thing that differ, and values that are not the lab's. */
export const checkEnds = (machines: Machines, lab: Lab, cluster: ClusterSettings): SettingProblem[] => [
  ...cluster.agreements.flatMap((agreement) => checkAgreement(agreement, machines, lab, cluster.daemons)),
  ...cluster.listeners.flatMap((listener) => checkListener(listener, machines, lab, cluster.daemons)),
  ...checkOwnNames(cluster, machines),
];
