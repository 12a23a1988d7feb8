import { nearest } from "../../lab/nearest.ts";
import type { ClusterSettings } from "../cluster.ts";
import type { Daemon, Setting, SettingProblem } from "../setting.ts";
import { about } from "./problems.ts";

/** The plan's items of one kind. */
const items = (settings: readonly Setting[], kind: string): Setting[] =>
  settings.filter(
    (one) => one.kind === "plan" && one.state === "set" && one.key === `plan: ${kind} ${nameOf(one, kind)}`,
  );

const nameOf = ({ key }: Setting, kind: string): string => key.slice(`plan: ${kind} `.length);

/** The daemons whose packages a machine's plan brings; all of them where it brings none that is known. */
export function daemonsOn(settings: readonly Setting[], { daemons, packages }: ClusterSettings): Daemon[] {
  const brought = withRequired(
    items(settings, "package").map((one) => nameOf(one, "package")),
    packages,
  );
  const there = daemons.filter((daemon) => brought.has(daemon.package));
  return there.length === 0 ? [...daemons] : there;
}

/** The packages with all that they bring along. */
function withRequired(names: readonly string[], packages: ClusterSettings["packages"]): Set<string> {
  const all = new Set<string>();
  const add = (name: string): void => {
    if (all.has(name)) return;
    all.add(name);
    for (const required of packages.get(name) ?? []) add(required);
  };
  names.forEach(add);
  return all;
}

/** The unit that a file is, or that a drop-in belongs to. */
const unitOf = (path: string): { name: string; dropIn: boolean } | undefined => {
  const found = /^\/(?:etc|usr\/lib|run)\/systemd\/system\/([\w@-]+)\.service(\.d\/[^/]+\.conf)?$/.exec(path);
  return found?.[1] === undefined ? undefined : { name: found[1], dropIn: found[2] !== undefined };
};

function checkMachine(settings: readonly Setting[], cluster: ClusterSettings): SettingProblem[] {
  const { daemons, packages, otherUnits } = cluster;
  const units = items(settings, "unit").filter(({ key }) => !key.endsWith(" from"));
  const asked = items(settings, "package");
  const files = items(settings, "file");
  const started = units.map((one) => nameOf(one, "unit"));
  const brought = withRequired(
    asked.map((one) => nameOf(one, "package")),
    packages,
  );
  const placed = files.flatMap((setting) => {
    const unit = unitOf(nameOf(setting, "file"));
    return unit === undefined ? [] : [{ setting, ...unit }];
  });
  const unknownPackages = asked.some((one) => !packages.has(nameOf(one, "package")));
  const known = daemons.filter((daemon) => brought.has(daemon.package)).map(({ unit }) => unit);
  const present = new Set([
    ...known,
    ...placed.flatMap(({ name, dropIn }) => (dropIn ? [] : [name])),
    ...otherUnits,
  ]);

  const missing = units
    .filter((one) => !present.has(nameOf(one, "unit")))
    .flatMap((setting): SettingProblem[] => {
      const name = nameOf(setting, "unit");
      const daemon = daemons.find(({ unit }) => unit === name);
      const meant = nearest(name, [...present]);
      if (daemon === undefined && meant === undefined && unknownPackages) return [];
      const severity = daemon !== undefined || meant !== undefined ? "refused" : "warning";
      const hint =
        daemon === undefined
          ? meant === undefined
            ? "name the package that brings it, or place its file under /etc/systemd/system"
            : `did you mean ${meant}?`
          : `add ${daemon.package} to the plan's packages`;
      return [
        about(
          severity,
          [setting],
          `expected a unit that the plan's packages bring, saw ${name}, which none does`,
          hint,
        ),
      ];
    });

  const idle = daemons
    .filter(({ unit, environmentFiles, package: name }) => {
      if (started.includes(unit) || !brought.has(name)) return false;
      // A file that other daemons read, too, does not say that this one is meant.
      return environmentFiles.some(
        (path) =>
          files.some((one) => nameOf(one, "file") === path) &&
          daemons.filter((other) => other.environmentFiles.includes(path)).length === 1,
      );
    })
    .flatMap(({ unit, environmentFiles }) => {
      const file = files.find((one) => environmentFiles.slice(-1).includes(nameOf(one, "file")));
      return file === undefined ? [] : [notStarted(file, unit)];
    });
  const silent = asked.flatMap((setting): SettingProblem[] => {
    const own = daemons.filter((daemon) => daemon.package === nameOf(setting, "package"));
    const quiet = own.filter(({ unit }) => !started.includes(unit));
    return quiet.map(({ unit }) =>
      about(
        "warning",
        [setting],
        `expected the plan to start ${unit}, whose package ${nameOf(setting, "package")} it installs, saw no \`unit: ${unit}\``,
        `add \`- unit: ${unit}\``,
      ),
    );
  });
  const unstarted = placed.flatMap(({ setting, name, dropIn }): SettingProblem[] => {
    if (started.includes(name)) return [];
    if (!dropIn) return [notStarted(setting, name)];
    if (present.has(name)) return [];
    const meant = nearest(name, [...present]);
    return [
      about(
        "warning",
        [setting],
        `expected a drop-in of a unit of this machine, saw one of ${name}, which is none`,
        meant === undefined
          ? "the folder is named after the unit: docker.service.d"
          : `did you mean ${meant}.service.d?`,
      ),
    ];
  });
  return [
    ...missing,
    ...(silent.length > 0 ? silent : idle),
    ...unstarted,
    ...orderProblems(settings, units, asked, cluster),
    ...restartProblems(settings, started, cluster),
    ...dropInProblems(settings, cluster),
  ];
}

const notStarted = (file: Setting, unit: string): SettingProblem =>
  about(
    "warning",
    [file],
    `expected the plan to start ${unit}, whose file it places, saw no \`unit: ${unit}\``,
    `add \`- unit: ${unit}\`, which enables it, too`,
  );

/** A unit before the package that brings it, or before a file it reads. */
function orderProblems(
  settings: readonly Setting[],
  units: readonly Setting[],
  asked: readonly Setting[],
  { daemons, packages }: ClusterSettings,
): SettingProblem[] {
  const order = settings
    .filter(({ kind, key }) => kind === "plan" && key.startsWith("plan: order of "))
    .flatMap(({ value }) => value.split(", "));
  return units.flatMap((setting): SettingProblem[] => {
    const name = nameOf(setting, "unit");
    const daemon = daemons.find(({ unit }) => unit === name);
    const bringer = asked.find((one) =>
      withRequired([nameOf(one, "package")], packages).has(daemon?.package ?? ""),
    );
    if (daemon === undefined || bringer === undefined) return [];
    const at = order.indexOf(`unit ${name}`);
    const bringers = asked.filter((one) =>
      withRequired([nameOf(one, "package")], packages).has(daemon.package),
    );
    const first = Math.min(...bringers.map((one) => order.indexOf(`package ${nameOf(one, "package")}`)));
    if (at < 0 || first < at) return [];
    return [
      about(
        "refused",
        [setting, bringer],
        `expected ${name} after its package ${daemon.package}, saw it before: there is no such unit yet`,
        "move the unit behind the packages",
      ),
    ];
  });
}

/** A file whose reader is not started again when it changes: the machine goes on with what it was before. */
function restartProblems(
  settings: readonly Setting[],
  started: readonly string[],
  { daemons }: ClusterSettings,
): SettingProblem[] {
  return settings
    .filter(({ kind, key }) => kind === "plan" && key.startsWith("plan: restarts of /"))
    .flatMap((setting): SettingProblem[] => {
      const path = nameOf(setting, "restarts of");
      const restarted = setting.value.split(", ");
      const readers = daemons.filter(
        ({ unit, environmentFiles }) => environmentFiles.includes(path) && started.includes(unit),
      );
      const left = readers.filter(({ unit }) => !restarted.includes(unit)).map(({ unit }) => unit);
      if (left.length === 0) return [];
      const message = `expected ${left.join(", ")} among the units that ${path} restarts, saw ${setting.value}`;
      return [
        about("warning", [setting], message, `${left.join(", ")} would go on with what it read before`),
      ];
    });
}

/** A drop-in that takes a daemon's files away: what is in them has no effect any more. */
function dropInProblems(settings: readonly Setting[], { daemons }: ClusterSettings): SettingProblem[] {
  const paths = new Set(
    settings.flatMap(({ kind, path }) => (kind === "unit" && path !== undefined ? [path] : [])),
  );
  return [...paths].flatMap((path): SettingProblem[] => {
    const unit = unitOf(path);
    const daemon = daemons.find((one) => one.unit === unit?.name);
    const lines = settings.filter(
      (one) => one.path === path && one.key.startsWith("[Service] EnvironmentFile"),
    );
    const reset = lines.find(({ value }) => value === "");
    if (daemon === undefined || unit?.dropIn !== true || reset === undefined) return [];
    const read = lines.filter(({ state }) => state === "set").map(({ value }) => value.replace(/^-/, ""));
    const lost = daemon.environmentFiles.filter((file) => !read.includes(file));
    if (lost.length === 0) return [];
    return [
      about(
        "warning",
        [reset, ...lines.filter((one) => one !== reset)],
        `expected ${unit.name} to go on reading ${lost.join(", ")}, saw EnvironmentFile= take every file away that its unit has`,
        "leave the empty EnvironmentFile= out, or name each file again behind it",
      ),
    ];
  });
}

/** Units, packages and files of a plan that do not go together. */
export const checkPlans = (
  machines: ReadonlyMap<string, readonly Setting[]>,
  cluster: ClusterSettings,
): SettingProblem[] => [...machines.values()].flatMap((settings) => checkMachine(settings, cluster));
