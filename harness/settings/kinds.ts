import type { Parsed } from "./entry.ts";
import { parseEnvironment } from "./kinds/environment.ts";
import { parseIni } from "./kinds/ini.ts";
import { parseHosts, parseLines, parseModules, parseSysctl } from "./kinds/lines.ts";
import { parseJson, parseYaml } from "./kinds/tree.ts";
import { parseUnit } from "./kinds/unit.ts";
import type { Daemon, SettingKind } from "./setting.ts";

const unitSuffix = /\.(service|socket|timer|path|target|mount|automount|swap|slice|scope)$/;

/** A unit, or what stands in the drop-in folder of one. */
const isUnit = (path: string): boolean =>
  unitSuffix.test(path) || (path.endsWith(".conf") && unitSuffix.test(path.replace(/\.d\/[^/]+$/, "")));

/** Kinds of files by their path on the machine, the first that fits. */
const byPath: readonly (readonly [SettingKind, RegExp])[] = [
  ["hosts", /^\/etc\/hosts$/],
  ["sysctl", /^\/etc\/sysctl\.(conf|d\/[^/]+\.conf)$/],
  ["modules", /^\/etc\/(modules-load\.d\/[^/]+\.conf|modules)$/],
  ["ini", /(\.repo|^\/etc\/yum\.conf|^\/etc\/dnf\/dnf\.conf|^\/etc\/yum\/[^/]+\.conf)$/],
  ["json", /\.json$/],
  ["manifest", /\.ya?ml$/],
  ["unit", /^\/(etc|run|usr\/lib)\/systemd\/.*\.conf$/],
  ["environment", /^\/etc\/(sysconfig|default)\/(?!iptables|ip6tables)[^/]+$/],
];

/** Whether a text has nothing but `NAME=value`, comments and blank lines. */
const looksLikeVariables = (text: string): boolean => {
  const lines = text.split("\n").filter((line) => !/^\s*([#;]|$)/.test(line));
  return lines.length > 0 && lines.every((line) => /^\s*(export\s+)?[A-Za-z_]\w*=/.test(line));
};

/** How a file of a machine is read: as a daemon's variables where one reads it so, else by its path, else by its looks. */
export function kindOf(path: string, text: string, daemons: readonly Daemon[]): SettingKind {
  if (daemons.some(({ environmentFiles }) => environmentFiles.includes(path))) return "environment";
  if (isUnit(path)) return "unit";
  return (
    byPath.find(([, pattern]) => pattern.test(path))?.[0] ??
    (looksLikeVariables(text) ? "environment" : "text")
  );
}

/** A file of a machine, as what reads it takes it. */
export function parseFile(kind: SettingKind, path: string, text: string, daemons: readonly Daemon[]): Parsed {
  switch (kind) {
    case "environment":
      return parseEnvironment(
        text,
        daemons.filter(({ environmentFiles }) => environmentFiles.includes(path)),
      );
    case "unit":
      return parseUnit(text, isUnit(path));
    case "ini":
      return parseIni(text);
    case "json":
      return parseJson(text);
    case "manifest":
      return parseYaml(text);
    case "sysctl":
      return parseSysctl(text);
    case "modules":
      return parseModules(text);
    case "hosts":
      return parseHosts(text);
    default:
      return parseLines(text);
  }
}
