import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { budget } from "../budgets.ts";
import { groupOf } from "../machines/process.ts";

/**
 * Ends a browser at once, with every process it started: its profile is thrown away, so that there is nothing to end
 * in an orderly way for. Its crash handlers leave its process group; they are known by the home they were given.
 */
export async function endAll(group: number, home: string): Promise<void> {
  const late = performance.now() + budget.ending;
  for (;;) {
    const left = membersOf(group, home);
    if (left.length === 0 || performance.now() > late) return;
    for (const pid of left) kill(pid);
    await pause(20);
  }
}

const membersOf = (group: number, home: string): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => groupOf(pid) === group || hasHome(pid, home));

function hasHome(pid: number, home: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`HOME=${home}`);
  } catch {
    return false; // gone meanwhile, or another user's
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone meanwhile
  }
}
