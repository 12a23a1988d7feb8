import type { Setting, SettingProblem } from "../setting.ts";

export type Severity = SettingProblem["severity"];

/** A problem with settings, at the line of the first. */
export function about(
  severity: Severity,
  settings: readonly [Setting, ...Setting[]],
  message: string,
  hint: string,
): SettingProblem {
  return { severity, message, hint, source: settings[0].source, settings };
}

/** The settings of each machine. */
export function byMachine(settings: readonly Setting[]): Map<string, Setting[]> {
  const machines = new Map<string, Setting[]>();
  for (const setting of settings) {
    const own = machines.get(setting.machine);
    if (own === undefined) machines.set(setting.machine, [setting]);
    else own.push(setting);
  }
  return machines;
}

const place = ({ source, message }: SettingProblem): string => `${source.file}\0${source.line}\0${message}`;

/** One problem for what is the same on several machines, in the order of files and lines, refusals first. */
export function merged(problems: readonly SettingProblem[]): SettingProblem[] {
  const places = new Map<string, SettingProblem>();
  for (const problem of problems) {
    const same = places.get(place(problem));
    const settings =
      same === undefined ? problem.settings : [...new Set([...same.settings, ...problem.settings])];
    places.set(place(problem), { ...problem, settings });
  }
  const rank = ({ severity }: SettingProblem): number => (severity === "refused" ? 0 : 1);
  return [...places.values()].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.source.file < b.source.file
        ? -1
        : a.source.file > b.source.file
          ? 1
          : a.source.line - b.source.line),
  );
}

/** How a setting is written in a sentence: `--address=0.0.0.0`, `ETCD_NAME=node0`, `[base] gpgcheck=0`. */
export const shown = ({ key, flag, value }: Pick<Setting, "key" | "flag" | "value">): string =>
  flag === undefined ? `${key}=${value}` : flag.startsWith("word ") ? value : `${flag}=${value}`;

/** Where a setting stands: `provision/worker/files/etc/kubernetes/kubelet.hbs:14`. */
export const where = ({ source }: Pick<Setting, "source">): string => `${source.file}:${source.line}`;
