import { removeWorld } from "../world/remove.ts";
import { takeDown } from "./down.ts";
import { type FoundRun, findRuns } from "./runs.ts";
import type { Libvirt } from "./virsh.ts";

/**
 * Removes what runs that died have left on this host: processes, namespaces, machines, disks, networks and folders
 * that carry a label of ours. A run whose harness is alive and a lab that was left up on purpose are never touched,
 * of whatever HARDWAY_HOME; nor is a dead namespace of another HARDWAY_HOME, which looks after its own and is in
 * nobody's way. In the host's libvirt it would be in the way of everybody.
 * @param libvirt the host's; undefined where there is none that answers
 * @returns what was removed, one line a run
 * @throws LabNotBuilt when libvirt refuses, NotJudged when a process outlives SIGKILL
 */
export async function reap(libvirt?: Libvirt): Promise<string[]> {
  const removed: string[] = [];
  for (const run of await findRuns(libvirt)) {
    if (run.standing !== "dead" || !run.isOurs) continue;
    removed.push(`${run.label}: ${(await remove(run, libvirt)).join(", ") || "its folder"}`);
  }
  return removed;
}

/** Processes first: a Vagrant that outlived its harness goes on making machines. */
async function remove({ label, owner, held, parts }: FoundRun, libvirt?: Libvirt): Promise<string[]> {
  const removed = await removeWorld(label, owner.home);
  if (libvirt === undefined || held === undefined) return removed;
  await takeDown(label, libvirt);
  return [...removed, ...parts.filter((part) => !removed.includes(part))];
}
