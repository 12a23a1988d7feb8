import { readFileSync } from "node:fs";

/** A process, told apart from a later one with the same number. */
export interface ProcessId {
  pid: number;
  /** When it was started: clock ticks since the host's boot (field 22 of /proc/PID/stat), and which boot that was. */
  start: string;
}

/** Differs from boot to boot: a number and ticks alone could come again after a restart. */
const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

/** The process with this number now; undefined where there is none or it is a zombie. */
export function processId(pid: number): ProcessId | undefined {
  const fields = stat(pid);
  const start = fields?.[19];
  return start === undefined || fields?.[0] === "Z" ? undefined : { pid, start: `${start}@${boot}` };
}

/** Whether a process is still there. One that /proc hides from this user (its option hidepid) is taken for alive. */
export const isAlive = ({ pid, start }: ProcessId): boolean =>
  processId(pid)?.start === start || (start.endsWith(`@${boot}`) && isHidden(pid));

function isHidden(pid: number): boolean {
  if (stat(pid) !== undefined) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

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
