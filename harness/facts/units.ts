import { sh } from "../render/quote.ts";
import { factOf } from "./fact.ts";

/** A systemd unit as `systemctl show` tells it. */
export interface Unit {
  name: string;
  /** loaded, not-found, masked, error… */
  load: string;
  /** enabled, disabled, static, masked…; empty where there is no unit file. */
  file: string;
  /** active, activating, failed, inactive… */
  active: string;
  /** running, exited, auto-restart, dead… */
  sub: string;
  /** success, exit-code, signal, start-limit… */
  result: string;
  mainPid: number;
  /** The exit code, or signal, of the main process that ended last. */
  exitStatus: number;
  /** When the main process was started, in seconds since boot: changes with every restart. */
  started: number;
  /** For how long the main process has run, in seconds. */
  age: number;
  /** When the main process ended, as systemd prints it: "Mon 2026-11-23 04:05:06 UTC"; empty where it runs. */
  ended: string;
}

const properties = [
  "Id",
  "LoadState",
  "UnitFileState",
  "ActiveState",
  "SubState",
  "Result",
  "MainPID",
  "ExecMainStatus",
  "ExecMainStartTimestampMonotonic",
  "ExecMainExitTimestamp",
];

/** The state of units, in the order asked. One `-p` each: systemd 219 knows no other way for sure. */
export const units = factOf<Unit[], string[]>(
  "units",
  (...names) =>
    [
      'read -r uptime _ </proc/uptime; echo "$uptime"; systemctl show',
      ...properties.map((name) => `-p ${name}`),
      ...names.map((name) => sh(`${name}.service`)),
    ].join(" "),
  (stdout, { args }) => {
    const [uptime = "", ...lines] = stdout.split("\n");
    const blocks = lines.join("\n").trim().split(/\n\n+/);
    if (blocks.length !== args.length) throw new Error(`expected ${args.length} units, saw ${blocks.length}`);
    return blocks.map((block, index) => unit(args[index] ?? "", block, Number(uptime)));
  },
);

function unit(name: string, block: string, uptime: number): Unit {
  const values = new Map(
    block.split("\n").map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
  const text = (property: string) => values.get(property) ?? "";
  if (text("LoadState") === "") throw new Error(`expected the state of ${name}`);
  const started = Number(text("ExecMainStartTimestampMonotonic")) / 1e6;
  return {
    name,
    load: text("LoadState"),
    file: text("UnitFileState"),
    active: text("ActiveState"),
    sub: text("SubState"),
    result: text("Result"),
    mainPid: Number(text("MainPID")),
    exitStatus: Number(text("ExecMainStatus")),
    started,
    age: uptime - started,
    ended: text("ExecMainExitTimestamp"),
  };
}
