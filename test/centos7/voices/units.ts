import { lines, linesIn, voice } from "./voice.ts";

interface Shown {
  /** Lines before the properties. */
  before: string[];
  properties: Map<string, string[]>;
  /** What follows them. */
  after: string;
}

/** The order that 219's D-Bus objects give (systemd-rhel7, src/core/dbus-service.c, then dbus-unit.c). */
const order = [
  "MainPID",
  "Result",
  "ExecMainStartTimestamp",
  "ExecMainStartTimestampMonotonic",
  "ExecMainExitTimestamp",
  "ExecMainExitTimestampMonotonic",
  "ExecMainPID",
  "ExecMainStatus",
  "ExecStart",
  "EnvironmentFile",
  "Id",
  "LoadState",
  "ActiveState",
  "SubState",
  "FragmentPath",
  "DropInPaths",
  "UnitFileState",
  "NeedDaemonReload",
];

/** 252 says "start-limit-hit" where 219 says "start-limit". */
const older = (value: string): string => (value === "start-limit-hit" ? "start-limit" : value);

function shown(stdout: string): Shown {
  const [own = "", ...rest] = stdout.split(/^(?==== )/m);
  const all = linesIn(own);
  const first = all.findIndex((line) => line.includes("="));
  const properties = new Map<string, string[]>();
  for (const line of all.slice(first).filter((text) => text !== "")) {
    const at = line.indexOf("=");
    const name = line.slice(0, at).replace("EnvironmentFiles", "EnvironmentFile");
    properties.set(name, [...(properties.get(name) ?? []), older(line.slice(at + 1))]);
  }
  return { before: all.slice(0, first), properties, after: rest.join("") };
}

/** 219 leaves out what is empty. */
const print = ({ before, properties, after }: Shown): string => {
  const names = [...properties.keys()];
  for (const name of names) if (!order.includes(name)) throw new Error(`the voice has no place for ${name}`);
  const told = order.flatMap((name) =>
    (properties.get(name) ?? []).filter((value) => value !== "").map((value) => `${name}=${value}`),
  );
  return lines([...before, ...told]) + after;
};

/** `systemctl show` of 219; its printing is read from the source, for it needs a running systemd 219 to be tried. */
export const shownUnit = voice<Shown>({ origin: undefined, heard: shown, print });

/** systemd's sentences about a unit, in 252's words and in 219's; what 219 does not say is empty. */
const sentences: [RegExp, string][] = [
  [/^(\S+\.service): Main process exited, (.*)$/, "$1: main process exited, $2"],
  [
    /^(\S+\.service): Control process exited, code=(\w+), status=(\d+).*$/,
    "$1: control process exited, code=$2 status=$3",
  ],
  [/^(\S+\.service): Failed with result '[\w-]+'\.$/, "Unit $1 entered failed state.\n$1 failed."],
  [/^(\S+\.service): Scheduled restart job, .*$/, "$1 holdoff time over, scheduling restart."],
  [/^(\S+\.service): Start request repeated too quickly\.$/, "start request repeated too quickly for $1"],
  [/^(\S+\.service): (start|stop|start-post) operation timed out\. (.*)$/, "$1 $2 operation timed out. $3"],
  [/^(\S+\.service): State '(\S+)' timed out\. (.*)$/, "$1 $2 timed out. $3"],
  [
    /^\S+\.service: (Deactivated successfully|Consumed .*|Found left-over process .*|This usually indicates .*|Killing process .*|Unit process .*)$/,
    "",
  ],
  [/^(Starting|Started|Stopping|Stopped|Failed to start) \S+\.service - (.*)$/, "$1 $2"],
];

/** A unit's journal, a message a line. */
export const journal = voice<string[]>({
  origin: "systemd's lines about a kubelet that ends, kubernetes/kubeadm#557",
  heard: (stdout) =>
    linesIn(stdout).flatMap((line) => {
      const [pattern, words] = sentences.find(([known]) => known.test(line)) ?? [];
      if (pattern === undefined || words === undefined) return [line];
      return line
        .replace(pattern, words)
        .split("\n")
        .filter((text) => text !== "");
    }),
  print: lines,
});
