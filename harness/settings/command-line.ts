import { flagOf } from "./flags.ts";
import type { Daemon, Setting } from "./setting.ts";

/** One argument that a daemon gets, and the setting that gives it. */
export interface Argument {
  /** `--name`. */
  flag: string;
  value: string;
  setting: Setting;
}

/** The flag that a variable of a daemon's own environment stands for: ETCD_DATA_DIR → data-dir. */
function flagOfVariable({ environmentPrefix, flags }: Daemon, name: string): string | undefined {
  if (environmentPrefix === undefined || !name.startsWith(environmentPrefix)) return undefined;
  const flag = name.slice(environmentPrefix.length).toLowerCase().replaceAll("_", "-");
  return flags.has(flag) ? flag : undefined;
}

/** A daemon's variables as systemd gives them to it: of a variable in two files, the later file's. */
function variablesOf(daemon: Daemon, settings: readonly Setting[]): Map<string, Setting[]> {
  const variables = new Map<string, Setting[]>();
  for (const path of daemon.environmentFiles) {
    const own = settings.filter((one) => one.path === path && one.state === "set");
    for (const name of new Set(own.map(({ key }) => key))) {
      variables.set(
        name,
        own.filter(({ key }) => key === name),
      );
    }
  }
  return variables;
}

/**
 * The arguments that one machine's settings give a daemon, in the order of its command line, those from its own environment
 * first: whatever stands on the command line wins over them.
 * @param settings one machine's
 */
export function commandLineOf(daemon: Daemon, settings: readonly Setting[]): Argument[] {
  const variables = variablesOf(daemon, settings);
  const whole = (name: string, flag: string): Argument[] =>
    (variables.get(name) ?? []).map((setting) => ({ flag: `--${flag}`, value: setting.value, setting }));
  const environment = [...variables.keys()]
    .filter((name) => !daemon.variables.includes(name))
    .flatMap((name) => {
      const flag = flagOfVariable(daemon, name);
      return flag === undefined ? [] : whole(name, flag);
    });
  const given = daemon.variables.flatMap((name) => {
    const flag = daemon.valueOf.get(name);
    if (flag !== undefined) return whole(name, flag);
    return (variables.get(name) ?? []).flatMap((setting) =>
      setting.flag === undefined ? [] : [{ flag: setting.flag, value: setting.value, setting }],
    );
  });
  return [...environment, ...given];
}

/** What a flag comes to: the last argument that gives it; undefined where none does, so that its default rules. */
export const lastGiven = (
  daemon: Daemon,
  settings: readonly Setting[],
  ...names: readonly string[]
): Argument | undefined =>
  commandLineOf(daemon, settings).findLast(({ flag }) => names.some((name) => flag === `--${name}`));

/** What a flag comes to, its default included. */
export const valueOf = (daemon: Daemon, settings: readonly Setting[], ...names: readonly string[]): string =>
  lastGiven(daemon, settings, ...names)?.value ??
  names.flatMap((name) => flagOf(daemon, name)?.default ?? []).find((value) => value !== "[]") ??
  "";

/**
 * Where a flag that nothing gives would be given: a line of the daemon's files that has it but does not reach the daemon (a
 * comment, a misspelt variable, odd quotes), else the end of the file in which the daemon has its own settings; nothing where
 * no file of it is placed.
 */
export function missingAt(
  daemon: Daemon,
  settings: readonly Setting[],
  ...names: readonly string[]
): Setting | undefined {
  const files = daemon.environmentFiles.map((file) => settings.filter(({ path }) => path === file));
  const variables = [...daemon.valueOf]
    .filter(([, flag]) => names.includes(flag))
    .map(([variable]) => variable);
  const lines = files
    .flat()
    .toSorted((a, b) => Number(a.state === "commented") - Number(b.state === "commented"));
  return (
    lines.find(
      ({ key, flag, value }) =>
        names.some((name) => flag === `--${name}` || new RegExp(`--?${name}(=|\\s|$)`).test(value)) ||
        variables.some((variable) => key === variable || key.endsWith(` ${variable}`)),
    ) ??
    files
      .filter((own) => own.length > 0)
      .at(-1)
      ?.findLast(({ state }) => state === "set")
  );
}
