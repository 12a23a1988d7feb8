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

function checkArgument(daemon: Daemon, flag: string, setting: Setting): SettingProblem[] {
  const { unit, flags, flagsFrom, flagSyntax } = daemon;
  const name = flag.replace(/^--/, "");
  if (flag.startsWith("word ")) {
    const isFlag = /^-{1,2}./.test(setting.value);
    const meant = nearest(setting.value.replace(/^-+/, "").replace(/=.*/s, ""), [...flags.keys()]);
    return [
      about(
        isFlag ? severity(daemon) : "warning",
        [setting],
        `expected a flag for ${unit}, saw \`${setting.value}\`${isFlag ? "" : ", which is none"}`,
        isFlag && meant !== undefined
          ? `did you mean --${meant}?`
          : "a flag is --name=value, without blanks around =",
      ),
    ];
  }
  const known = flagOf(daemon, name);
  if (known === undefined) {
    const meant = nearest(
      name,
      [...flags.keys()].filter((one) => one.length > 1),
    );
    return [
      about(
        severity(daemon),
        [setting],
        `expected a flag of ${unit}, saw ${flag}, which ${flagsFrom} has not`,
        meant === undefined ? `see ${unit} --help` : `did you mean --${meant}?`,
      ),
    ];
  }
  const expected = misfit(known.type, setting.value);
  if (expected === undefined) return [];
  const dash = flagSyntax === "go" ? "-" : "--";
  return [
    about(
      severity(daemon),
      [setting],
      `expected ${expected} for ${unit}'s ${flag}, saw \`${setting.value}\``,
      `${unit} does not start with it; its default is ${dash}${name}=${known.default === "" ? '""' : known.default}`,
    ),
  ];
}

/** Flags that a daemon does not know, and values its flags cannot take. */
export function checkFlags(
  machines: ReadonlyMap<string, readonly Setting[]>,
  cluster: ClusterSettings,
): SettingProblem[] {
  const { limits } = cluster;
  return [...machines.values()].flatMap((settings) =>
    daemonsOn(settings, cluster)
      .filter(({ environmentFiles }) => settings.some(({ path }) => environmentFiles.includes(path ?? "")))
      .flatMap((daemon) => {
        const given = commandLineOf(daemon, settings);
        const unfit = given.flatMap(({ flag, value, setting }) =>
          limits
            .filter((limit) => limit.unit === daemon.unit && flag === `--${limit.flag}`)
            .flatMap((limit) => {
              const expected = limit.misfit(value);
              if (expected === undefined) return [];
              const message = `expected ${expected} for ${daemon.unit}'s ${flag}, saw \`${value}\``;
              return [about(severity(daemon), [setting], message, `${daemon.unit} does not serve it`)];
            }),
        );
        const problems = given.flatMap(({ flag, setting }) => checkArgument(daemon, flag, setting));
        return [...problems, ...unfit, ...checkTwice(daemon, given)];
      }),
  );
}

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
