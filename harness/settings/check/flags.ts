import { nearest } from "../../lab/nearest.ts";
import type { ClusterSettings } from "../cluster.ts";
import { commandLineOf } from "../command-line.ts";
import { misfit } from "../flag-types.ts";
import { flagOf } from "../flags.ts";
import type { Daemon, Setting, SettingProblem } from "../setting.ts";
import { daemonsOn } from "./plan.ts";
import { about } from "./problems.ts";
import type { Severity } from "./problems.ts";

const severity = ({ flagsAreExact }: Daemon): Severity => (flagsAreExact ? "refused" : "warning");

/** What is wrong with an argument of a daemon; `units` stands for whoever gets it. */
interface Wrong {
  setting: Setting;
  severity: Severity;
  unit: string;
  message: (units: string) => string;
  hint: string;
}

function checkArgument(daemon: Daemon, flag: string, setting: Setting): Wrong[] {
  const { unit, flags, flagsFrom } = daemon;
  const name = flag.replace(/^--/, "");
  const wrong = (level: Severity, message: Wrong["message"], hint: string): Wrong[] => [
    { setting, severity: level, unit, message, hint },
  ];
  if (flag.startsWith("word ")) {
    const isFlag = /^-{1,2}./.test(setting.value);
    const meant = nearest(setting.value.replace(/^-+/, "").replace(/=.*/s, ""), [...flags.keys()]);
    return wrong(
      isFlag ? severity(daemon) : "warning",
      (units) => `expected a flag for ${units}, saw \`${setting.value}\`${isFlag ? "" : ", which is none"}`,
      isFlag && meant !== undefined
        ? `did you mean --${meant}?`
        : "a flag is --name=value, without blanks around =",
    );
  }
  const known = flagOf(daemon, name);
  if (known === undefined) {
    const meant = nearest(
      name,
      [...flags.keys()].filter((one) => one.length > 1),
    );
    return wrong(
      severity(daemon),
      (units) => `expected a flag of ${units}, saw ${flag}, which ${flagsFrom} has not`,
      meant === undefined ? `see ${unit} --help` : `did you mean --${meant}?`,
    );
  }
  const expected = misfit(known.type, setting.value);
  if (expected === undefined) return [];
  return wrong(
    severity(daemon),
    (units) => `expected ${expected} for ${flag} of ${units}, saw \`${setting.value}\``,
    `its default is ${known.default === "" ? "empty" : known.default}`,
  );
}

/** One problem for a setting that several daemons get. */
function together(wrongs: readonly Wrong[]): SettingProblem[] {
  const groups = new Map<string, [Wrong, ...Wrong[]]>();
  for (const wrong of wrongs) {
    const { source, machine, flag = "", key } = wrong.setting;
    const place = [machine, source.file, source.line, key, flag, wrong.severity, wrong.message("")].join(
      "\0",
    );
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [wrong]);
    else group.push(wrong);
  }
  return [...groups.values()].map((group) => {
    const [{ setting, severity: level, message, hint }] = group;
    const units = [...new Set(group.map(({ unit }) => unit))].join(" and ");
    return about(level, [setting], message(units), hint);
  });
}

/** Flags that a daemon does not know, and values its flags cannot take. */
export function checkFlags(
  machines: ReadonlyMap<string, readonly Setting[]>,
  cluster: ClusterSettings,
): SettingProblem[] {
  return [...machines.values()].flatMap((settings) => {
    const there = daemonsOn(settings, cluster).filter(({ environmentFiles }) =>
      settings.some(({ path = "" }) => environmentFiles.includes(path)),
    );
    const lines = there.map((daemon) => ({ daemon, given: commandLineOf(daemon, settings) }));
    return [
      ...together(
        lines.flatMap(({ daemon, given }) =>
          given.flatMap(({ flag, setting }) => [
            ...checkArgument(daemon, flag, setting),
            ...checkLimits(daemon, flag, setting, cluster),
          ]),
        ),
      ),
      ...lines.flatMap(({ daemon, given }) => checkTwice(daemon, given)),
    ];
  });
}

/** What a flag takes, but its daemon cannot serve. */
const checkLimits = (daemon: Daemon, flag: string, setting: Setting, { limits }: ClusterSettings): Wrong[] =>
  limits
    .filter((limit) => limit.unit === daemon.unit && flag === `--${limit.flag}`)
    .flatMap((limit) => {
      const expected = limit.misfit(setting.value);
      if (expected === undefined) return [];
      const message: Wrong["message"] = (units) =>
        `expected ${expected} for ${flag} of ${units}, saw \`${setting.value}\``;
      const hint = `${daemon.unit} does not start with it`;
      return [{ setting, severity: severity(daemon), unit: daemon.unit, message, hint }];
    });

/** The same flag in two variables of one command line, with two values. */
function checkTwice(daemon: Daemon, given: ReturnType<typeof commandLineOf>): SettingProblem[] {
  return given.flatMap(({ flag, value, setting }, index) => {
    const type = flagOf(daemon, flag.replace(/^--/, ""))?.type ?? "";
    const again = given.slice(index + 1).find((one) => one.flag === flag);
    if (again === undefined || again.value === value || /^string(Slice|Array)$/.test(type)) return [];
    if (flag.startsWith("word ") || !daemon.variables.includes(setting.key)) return [];
    const message = `expected ${flag} once for ${daemon.unit}, saw it again as ${again.value}, which wins`;
    return [about("warning", [setting, again.setting], message, "remove the one that does not count")];
  });
}

/** Variables that any program may be given, whatever reads the file. */
const anybodys =
  /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|SHELL|DAEMON_ARGS|(https?|no|all)_proxy|GO(MAXPROCS|GC|DEBUG|TRACEBACK)|KUBECONFIG)$/i;

/** Variables in a daemon's file that nothing reads. */
export function checkVariables(
  machines: ReadonlyMap<string, readonly Setting[]>,
  cluster: ClusterSettings,
): SettingProblem[] {
  const { daemons } = cluster;
  return [...machines.values()].flatMap((settings) => {
    const there = daemonsOn(settings, cluster);
    const files = settings.filter(({ kind, state }) => kind === "environment" && state === "set");
    const names = new Map(files.map((setting) => [`${setting.path ?? ""}\0${setting.key}`, setting]));
    return [...names.values()].flatMap((setting): SettingProblem[] => {
      const { path = "", key } = setting;
      const readers = there.filter(({ environmentFiles }) => environmentFiles.includes(path));
      if (readers.length === 0 || anybodys.test(key) || !/^[A-Za-z_]\w*$/.test(key)) return [];
      if (readers.some((daemon) => isRead(daemon, key))) return [];
      const elsewhere = daemons.find((daemon) => daemon.variables.includes(key));
      const known = readers.flatMap(({ variables, environmentPrefix = "", flags }) => [
        ...variables,
        ...(key.startsWith(environmentPrefix) && environmentPrefix !== ""
          ? [...flags.keys()].map((flag) => environmentPrefix + flag.toUpperCase().replaceAll("-", "_"))
          : []),
      ]);
      const meant = nearest(key, known);
      const units = readers.map(({ unit }) => unit).join(", ");
      const own = settings.filter((one) => one.path === path && one.key === key);
      const [first = setting, ...rest] = own;
      return [
        about(
          "warning",
          [first, ...rest],
          `expected a variable that ${units} reads, saw ${key}, which has no effect there`,
          meant !== undefined
            ? `did you mean ${meant}?`
            : elsewhere !== undefined
              ? `${elsewhere.unit} reads it, from ${elsewhere.environmentFiles.join(" and ")}`
              : `${units} reads ${known.slice(0, 12).join(", ")}`,
        ),
      ];
    });
  });
}

function isRead({ variables, environmentPrefix, flags }: Daemon, key: string): boolean {
  if (variables.includes(key)) return true;
  if (environmentPrefix === undefined || !key.startsWith(environmentPrefix)) return false;
  return flags.has(key.slice(environmentPrefix.length).toLowerCase().replaceAll("_", "-"));
}
