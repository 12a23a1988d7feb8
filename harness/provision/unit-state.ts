import { sh } from "../render/quote.ts";

/** What systemd 219 and later say of a service. */
export interface UnitState {
  /** loaded, not-found, masked… */
  load: string;
  /** active, activating, failed, inactive… */
  active: string;
  /** running, auto-restart, dead… */
  sub: string;
  /** success, exit-code, timeout… */
  result: string;
  /** enabled, disabled, masked… or nothing. */
  file: string;
  /** Whether systemd has yet to start, stop or restart it. */
  pending: boolean;
  /** When its main process began, in microseconds of the machine's clock; 0 where it never did. */
  began: number;
}

/** A unit that systemd knows nothing of. */
export const absent: UnitState = {
  load: "not-found",
  active: "inactive",
  sub: "dead",
  result: "",
  file: "",
  pending: false,
  began: 0,
};

const properties = [
  "Id",
  "LoadState",
  "ActiveState",
  "SubState",
  "Result",
  "UnitFileState",
  "Job",
  "ExecMainStartTimestampMonotonic",
];

/** The command that prints what `parseUnits` reads, in the words of systemd 219, which has no NRestarts. */
export const showUnits = (units: string[]): string =>
  [
    "systemctl show",
    ...properties.map((name) => `-p ${name}`),
    ...units.map((unit) => sh(`${unit}.service`)),
  ].join(" ");

function parseUnit(text: string): [string, UnitState][] {
  const values = new Map(
    text.split("\n").map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
  const value = (name: string): string => values.get(name) ?? "";
  const id = value("Id");
  if (id === "") return [];
  const state = {
    load: value("LoadState"),
    active: value("ActiveState"),
    sub: value("SubState"),
    result: value("Result"),
    file: value("UnitFileState"),
    pending: Number(value("Job")) > 0,
    began: Number(value("ExecMainStartTimestampMonotonic")),
  };
  return [[id.replace(/\.service$/, ""), state]];
}

/** Reads `systemctl show` of several services: by name without .service. */
export const parseUnits = (text: string): Map<string, UnitState> =>
  new Map(text.split(/\n\n+/).flatMap((one) => parseUnit(one.trim())));
