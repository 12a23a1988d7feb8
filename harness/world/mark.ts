import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseLabel } from "../machines/label.ts";
import { lineage, type ProcessId, processId } from "../machines/process.ts";

/** Where `ip netns` keeps the names of namespaces. */
const namespaces = "/run/netns";

/** What the environment of a run's processes says of it, so that they can be found when nothing else is left. */
interface Mark {
  label: string;
  /** The lab's home, where its lock and its state are. */
  home: string;
  /** The harness process that started the run. */
  owner: ProcessId;
}

/** The environment variables that say so. */
export const markEnvironment = (label: string, home: string): Record<string, string> => ({
  HARDWAY_LABEL: label,
  HARDWAY_LAB_HOME: home,
  HARDWAY_OWNER: `${process.pid}:${processId(process.pid)?.start ?? ""}`,
});

/** The mark among the environment variables of a process, as /proc/PID/environ has them. */
function readMark(environment: string): Mark | undefined {
  const variables = new Map(
    environment.split("\0").map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)] as const;
    }),
  );
  const run = parseLabel(variables.get("HARDWAY_LABEL") ?? "");
  const home = variables.get("HARDWAY_LAB_HOME");
  const [pid, start] = (variables.get("HARDWAY_OWNER") ?? "").split(":");
  if (run === undefined || home === undefined || pid === undefined || start === undefined) return undefined;
  return { label: run.label, home, owner: { pid: Number(pid), start } };
}

/** A process that belongs to a run: it carries the run's mark or lives in the run's namespace. */
export interface Member {
  pid: number;
  /** Undefined where the process has no mark of its own, such as dnsmasq and QEMU. */
  mark: Mark | undefined;
}

/** The living processes of a run, but for this one and those that started it. */
export const membersOf = (label: string): Member[] => members().get(label) ?? [];

/** The living processes of every run, by label; none of them is this process or one that started it. */
export function members(): Map<string, Member[]> {
  const inodes = new Map(namespaceLabels().map((label) => [inode(join(namespaces, label)), label]));
  const kept = new Set(lineage());
  const found = new Map<string, Member[]>();
  for (const pid of readdirSync("/proc").map(Number)) {
    if (!Number.isInteger(pid) || kept.has(pid)) continue;
    const mark = readMark(text(`/proc/${pid}/environ`));
    const label = inodes.get(namespaceInode(pid)) ?? mark?.label;
    if (label !== undefined) found.set(label, [...(found.get(label) ?? []), { pid, mark }]);
  }
  return found;
}

/** The labels that name a network namespace. */
export function namespaceLabels(): string[] {
  try {
    return readdirSync(namespaces).filter((name) => parseLabel(name) !== undefined);
  } catch {
    return [];
  }
}

function namespaceInode(pid: number): number {
  try {
    return Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[0] ?? -1);
  } catch {
    return -1; // gone meanwhile, or a zombie
  }
}

function inode(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? -2;
}

function text(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
