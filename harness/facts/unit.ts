import { sh } from "../render/quote.ts";
import { factOf } from "./fact.ts";

/** A systemd unit's state as `systemctl show` tells it. */
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
  "ExecMainStatus",
  "ExecMainStartTimestampMonotonic",
  "ExecMainExitTimestamp",
];

/** The state of a unit. One `-p` for each property: systemd 219 knows no other way for sure. */
export const unit = factOf<Unit, [name: string]>(
  "unit",
  (name) =>
    [
      'read -r uptime _ </proc/uptime; echo "$uptime"; systemctl show',
      ...properties.map((property) => `-p ${property}`),
      sh(`${name}.service`),
    ].join(" "),
  (stdout, { args: [name = ""] }) => {
    const [uptime = "", ...lines] = stdout.split("\n");
    const values = propertiesIn(lines);
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
      exitStatus: Number(text("ExecMainStatus")),
      started,
      age: Number(uptime) - started,
      ended: text("ExecMainExitTimestamp"),
    };
  },
);

/** `NAME=value` lines of `systemctl show`; of a property that is told several times, the last. */
export const propertiesIn = (lines: readonly string[]): Map<string, string> =>
  new Map(
    lines.map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
