import { abilities } from "../flags/abilities.ts";
import flanneld from "../flags/flanneld.ts";
import apiserver from "../flags/kube-apiserver.ts";
import controllerManager from "../flags/kube-controller-manager.ts";
import proxy from "../flags/kube-proxy.ts";
import scheduler from "../flags/kube-scheduler.ts";
import kubelet from "../flags/kubelet.ts";
import { forgetRefusal, onlyTheReal } from "./refusal.ts";
import { BadValue, checkValue, parseDuration } from "./values.ts";

const tables: Record<string, string> = {
  flanneld,
  kubelet,
  "kube-apiserver": apiserver,
  "kube-controller-manager": controllerManager,
  "kube-proxy": proxy,
  "kube-scheduler": scheduler,
};

interface Flag {
  name: string;
  type: string;
  values: string[];
  standard: string[];
  given: boolean;
  deprecated: string | undefined;
}

/** What a daemon was told, with the real defaults. Names are given with dashes. */
export interface Flags {
  text(name: string): string;
  list(name: string): string[];
  int(name: string): number;
  bool(name: string): boolean;
  /** Milliseconds. */
  duration(name: string): number;
  /** Whether the flag was on the command line (or, for flanneld, in its environment). */
  given(name: string): boolean;
}

class BadFlag extends Error {}

const isList = (flag: Flag): boolean => flag.type === "stringSlice" || flag.type === "stringArray";
const needsNoValue = (flag: Flag): boolean => flag.type === "bool" || flag.type === "version";

function readTable(daemon: string): Map<string, Flag> {
  const flags = new Map<string, Flag>();
  for (const row of (tables[daemon] ?? "").trim().split("\n")) {
    const [name = "", type = "", initial = "", note] = row.split("\t");
    const text = initial === "<nil>" ? "" : initial.replace(/^"(.*)"$/, "$1");
    const values = type.startsWith("string") && text.startsWith("[") ? split(text.slice(1, -1)) : [text];
    flags.set(name, {
      name,
      type,
      values,
      standard: values,
      given: false,
      deprecated: note?.replace("deprecated: ", ""),
    });
  }
  return flags;
}

const split = (text: string): string[] => (text === "" ? [] : text.split(","));

/** pflag's own --name=value and --name value; '-' and '_' mean the same. A hidden old name sets the new flag. */
function parseLong(flags: Map<string, Flag>, argv: string[]): void {
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined && argument !== "--"; argument = rest.shift()) {
    if (!argument.startsWith("-") || argument === "-") continue;
    if (!argument.startsWith("--")) {
      throw new BadFlag(`unknown shorthand flag: '${argument.charAt(1)}' in ${argument}`);
    }
    const [, typed = "", joined] = /^--([^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
    if (typed === "" || typed.startsWith("-")) throw new BadFlag(`bad flag syntax: ${argument}`);
    const flag = flags.get(typed.replaceAll("_", "-"));
    if (flag === undefined) throw new BadFlag(typed === "help" ? "" : `unknown flag: --${typed}`);
    const value = joined ?? (needsNoValue(flag) ? "true" : rest.shift());
    if (value === undefined) throw new BadFlag(`flag needs an argument: ${argument}`);
    set(flag, value, (why) => `invalid argument ${JSON.stringify(value)} for ${argument}: ${why}`);
    if (flag.deprecated === undefined) continue;
    process.stderr.write(`Flag --${flag.name} has been deprecated, ${flag.deprecated}\n`);
    const renamed = flags.get(/^see --(\S+) instead/.exec(flag.deprecated)?.[1] ?? "");
    if (renamed !== undefined) Object.assign(renamed, { values: flag.values, given: true });
  }
}

/** Go's own flag package: one dash or two, ends at the first argument that is no flag; FLANNELD_X in the environment. */
function parseShort(flags: Map<string, Flag>, argv: string[], environment: NodeJS.ProcessEnv): void {
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined && argument !== "--"; argument = rest.shift()) {
    const [whole, name = "", joined] = /^--?([^=-][^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
    if (whole === undefined) break;
    const flag = flags.get(name);
    if (flag === undefined) throw new BadFlag(`flag provided but not defined: -${name}`);
    const value = joined ?? (needsNoValue(flag) ? "true" : rest.shift());
    if (value === undefined) throw new BadFlag(`flag needs an argument: -${name}`);
    const kind = needsNoValue(flag) ? "boolean value" : "value";
    set(flag, value, () => `invalid ${kind} ${JSON.stringify(value)} for flag -${name}: parse error`);
  }
  for (const flag of flags.values()) {
    const value = environment[`FLANNELD_${flag.name.toUpperCase().replaceAll("-", "_")}`];
    if (!flag.given && value) set(flag, value, (why) => why);
  }
}

function set(flag: Flag, value: string, complain: (why: string) => string): void {
  try {
    checkValue(flag.type, value);
  } catch (error) {
    if (error instanceof BadValue) throw new BadFlag(complain(error.message));
    throw error;
  }
  const values = flag.type === "stringSlice" ? split(value) : [value];
  flag.values = isList(flag) && flag.given ? [...flag.values, ...values] : values;
  flag.given = true;
}

/** Ends the process as the real daemon does; CentOS links all but two of them to hyperkube (facts/centos7.md §6). */
function refuse(daemon: string, flags: Map<string, Flag>, message: string): never {
  const separate = daemon === "flanneld" || daemon === "kube-apiserver";
  const told = ({ name, type, values }: Flag): string => {
    const standard = `(default ${values.join(",") || '""'})`;
    // Go's own flag package takes two lines for each, pflag one.
    return daemon === "flanneld"
      ? `  -${name} ${type}\n    \t${standard}`
      : `      --${name} ${type} ${standard}`;
  };
  const usage = [...flags.values()].filter((flag) => flag.deprecated === undefined).map(told);
  const lines = separate
    ? [message, `Usage of ${daemon}:`, ...usage]
    : [`Error: ${message}`, "", "Usage:", `  ${daemon} [flags]`, "", "Available Flags:", ...usage, message];
  process.stderr.write(lines.join("\n") + "\n");
  process.exit(separate ? 2 : 1);
}

/** Ends the process where a flag asks for what this stand-in does not do, or takes without doing. */
function refuseBeyond(daemon: string, flags: Map<string, Flag>): void {
  const { does = [], takes = [], values = {} } = abilities[daemon] ?? {};
  for (const flag of flags.values()) {
    const { name, type, standard, given, deprecated } = flag;
    if (!given || does.includes(name) || takes.includes(name)) continue;
    if (deprecated?.startsWith("see --") === true) continue; // it has set the flag that took its place
    const [told, usual] = [flag.values, standard].map((all) =>
      type === "bool" ? String(isTrue(all.join())) : all.join(),
    );
    if (told === usual || values[name]?.includes(told ?? "") === true) continue;
    onlyTheReal(daemon, `${daemon === "flanneld" ? "-" : "--"}${name}=${told ?? ""}`);
  }
}

const isTrue = (text: string): boolean => /^(1|t|true)$/i.test(text);

/**
 * Reads a daemon's command line as kubernetes 1.5.2 and flannel 0.7.1 read it. An unknown flag or a bad value ends the
 * process with the real message and exit code (facts/kubernetes-1.5.2.md §e.12); --version prints it and exits 0; a legal
 * one that only the real daemon can follow ends it as `onlyTheReal` does.
 */
export function parseFlags(daemon: string, argv: string[]): Flags {
  const flags = readTable(daemon);
  forgetRefusal(daemon);
  try {
    if (daemon === "flanneld") parseShort(flags, argv, process.env);
    else parseLong(flags, argv);
  } catch (error) {
    if (error instanceof BadFlag) refuse(daemon, flags, error.message);
    throw error;
  }
  const find = (name: string): Flag => {
    const flag = flags.get(name);
    if (flag === undefined) throw new Error(`${daemon} has no flag --${name}`);
    return flag;
  };
  const text = (name: string): string => find(name).values.join(",");
  const bool = (name: string): boolean => isTrue(text(name));
  if (bool("version")) {
    process.stdout.write(daemon === "flanneld" ? "v0.7.1\n" : "Kubernetes v1.5.2\n");
    process.exit(0);
  }
  refuseBeyond(daemon, flags);
  return {
    text,
    bool,
    list: (name) => [...find(name).values].filter((value) => value !== ""),
    int: (name) => Number(text(name)),
    duration: (name) => parseDuration(text(name)),
    given: (name) => find(name).given,
  };
}
