import { readFileSync } from "node:fs";

/** A process, told apart from a later one with the same number. */
export interface ProcessId {
  pid: number;
  /** When it was started, in clock ticks since the host's boot: field 22 of /proc/PID/stat. */
  start: string;
}

/** The process with this number now; undefined where there is none or it is a zombie. */
export function processId(pid: number): ProcessId | undefined {
  const fields = stat(pid);
  const start = fields?.[19];
  return start === undefined || fields?.[0] === "Z" ? undefined : { pid, start };
}

export const isAlive = ({ pid, start }: ProcessId): boolean => processId(pid)?.start === start;

/** The process group of a living process. */
export function groupOf(pid: number): number | undefined {
  const fields = stat(pid);
  return fields === undefined || fields[0] === "Z" ? undefined : Number(fields[2]);
}

/** This process and those that started it. */
export function lineage(pid = process.pid): number[] {
  const parent = Number(stat(pid)?.[1] ?? 0);
  return parent > 0 ? [pid, ...lineage(parent)] : [pid];
}

/** The fields after the program's name, which is in parentheses and may hold anything: state, parent, … */
function stat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
