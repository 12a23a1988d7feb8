import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { budget } from "../budgets.ts";
import { NotJudged } from "../errors.ts";
import { rm } from "../files.ts";
import { demand } from "../machines/command.ts";
import { prefixOf } from "../machines/label.ts";
import { poll } from "../machines/poll.ts";
import { membersOf, namespaceLabels } from "./mark.ts";

/**
 * Removes a run's world: ends every process that carries its mark or lives in its namespace, then its mounts, its
 * name, its volumes and its folder. Nothing needs to be whole; what is not there is no trouble.
 * @param home the lab's home
 * @returns what was removed, in words
 * @throws NotJudged when a process outlives SIGKILL
 */
export async function removeWorld(label: string, home: string): Promise<string[]> {
  const ended = await endMembers(label);
  const removed = ended === 0 ? [] : [count(ended, "process", "processes")];
  if (namespaceLabels().includes(label)) {
    // Another command may be removing the same.
    await demand(["ip", "netns", "delete", label], { within: budget.libvirt }).catch((error: unknown) => {
      if (namespaceLabels().includes(label)) throw error;
    });
    removed.push("its namespace");
  }
  const volumes = await volumesOf(label, home);
  for (const volume of volumes) await rm(volume, { force: true });
  if (volumes.length > 0) removed.push(count(volumes.length, "volume", "volumes"));
  const folder = join(home, "worlds", label);
  await rm(folder, { recursive: true, force: true });
  return removed;
}

/** Ends the processes of a run: SIGTERM, then SIGKILL for what is left. @returns how many there were */
export async function endMembers(label: string): Promise<number> {
  const first = membersOf(label).length;
  for (const name of ["SIGTERM", "SIGKILL"] as const) {
    const gone = await poll(
      () => {
        const left = membersOf(label);
        for (const { pid } of left) end(pid, name);
        return left.length === 0 ? true : undefined;
      },
      { within: budget.ending, every: 100 },
    );
    if (gone === true) return first;
  }
  const left = membersOf(label).map(({ pid }) => pid);
  throw new NotJudged(`${label}: processes ${left.join(", ")} outlive SIGKILL`);
}

async function volumesOf(label: string, home: string): Promise<string[]> {
  const pool = join(home, "pool");
  const files = await readdir(pool).catch(() => []);
  return files.filter((file) => file.startsWith(prefixOf(label))).map((file) => join(pool, file));
}

function end(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself since it was listed.
  }
}

const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;
