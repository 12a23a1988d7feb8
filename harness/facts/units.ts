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
  /** When the main process was started, in microseconds since boot: changes with every restart. */
  started: number;
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
    ["systemctl show", ...properties.map((name) => `-p ${name}`), ...names.map((name) => sh(`${name}.service`))].join(
      " ",
    ),
  (stdout, { args }) => {
    const blocks = stdout.trim().split(/\n\n+/);
    if (blocks.length !== args.length) throw new Error(`expected ${args.length} units, saw ${blocks.length}`);
    return blocks.map((block, index) => unit(args[index] ?? "", block));
  },
);

function unit(name: string, block: string): Unit {
  const values = new Map(
    block.split("\n").map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
  const text = (property: string) => values.get(property) ?? "";
  return {
    name,
    load: text("LoadState"),
    file: text("UnitFileState"),
    active: text("ActiveState"),
    sub: text("SubState"),
    result: text("Result"),
    mainPid: Number(text("MainPID")),
    exitStatus: Number(text("ExecMainStatus")),
    started: Number(text("ExecMainStartTimestampMonotonic")),
    ended: text("ExecMainExitTimestamp"),
  };
}
