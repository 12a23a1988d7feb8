import { writeSync } from "node:fs";
import { ownName } from "./name.ts";

type Severity = "I" | "W" | "E" | "F";

const two = (n: number): string => String(n).padStart(2, "0");

/** One line as glog writes it: "I1123 04:05:06.123456   PID file.go:1] text". */
function write(severity: Severity, text: string): void {
  const now = new Date();
  const day = two(now.getMonth() + 1) + two(now.getDate());
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(":");
  const micros = String(now.getMilliseconds()).padStart(3, "0") + "000";
  const header = `${severity}${day} ${time}.${micros} ${String(process.pid).padStart(7)}`;
  try {
    writeSync(2, `${header} ${ownName()}.go:1] ${text}\n`);
  } catch {
    // Nobody reads the log any more: no reason to stop serving.
  }
}

/** The daemon's log on standard error, in glog's format. */
export const log = {
  info: (text: string): void => {
    write("I", text);
  },
  warning: (text: string): void => {
    write("W", text);
  },
  error: (text: string): void => {
    write("E", text);
  },
  /** Logs and ends the process; glog's own code is 255. */
  fatal: (text: string, code = 255): never => {
    write("F", text);
    process.exit(code);
  },
};
