import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { home } from "../paths.ts";
import { type Member, members, namespaceLabels } from "../world/mark.ts";
import { endMembers, removeWorld } from "../world/remove.ts";
import { takeDown, volumesIn } from "./down.ts";
import { parseLabel, runOf } from "./label.ts";
import { labHolder } from "./lock.ts";
import { type Owner, readOwner } from "./owner.ts";
import { isAlive } from "./process.ts";
import { readState } from "./state.ts";
import { type Libvirt, names, virsh } from "./virsh.ts";

/**
 * Removes what runs that died have left on this host: namespaces, processes, volumes and folders that carry a label
 * of ours. A run whose harness is alive, a lab that was left up on purpose, and what another HARDWAY_HOME looks
 * after is never touched.
 * @returns what was removed, one line a run
 */
export async function reap(): Promise<string[]> {
  // Namespaces are root's, and only root can tell whether the run in one is alive.
  if (process.getuid?.() !== 0) return [];
  const found = members();
  const folders = await worldFolders();
  const labels = new Set([...found.keys(), ...namespaceLabels(), ...folders]);
  const removed: string[] = [];
  for (const label of labels) {
    const owner = ownerOf(label, found.get(label) ?? [], folders.includes(label));
    if (owner === undefined || !isOurs(owner) || (await isLive(label, owner, true))) continue;
    const parts = await removeWorld(label, owner.home);
    removed.push(`${label}: ${parts.join(", ") || "its folder"}`);
  }
  return removed;
}

/**
 * The same for machines, disks and networks in a libvirt of the host, where such a run has no namespace.
 * @returns what was removed, one line a run
 * @throws LabNotBuilt when libvirt refuses
 */
export async function reapLibvirt(libvirt: Libvirt): Promise<string[]> {
  const removed: string[] = [];
  for (const [label, owner] of await labelsIn(libvirt)) {
    if (!isOurs(owner) || (await isLive(label, owner, false))) continue;
    await endMembers(label);
    const parts = await takeDown(label, libvirt);
    removed.push(`${label}: ${parts.length} machines, volumes and networks`);
  }
  return removed;
}

/**
 * Whose a run is, by the mark on its processes. Where none carries one, a namespace with nothing in it is a rest,
 * and one with processes in it is ours only if we have its world's folder.
 */
function ownerOf(label: string, found: Member[], known: boolean): Owner | undefined {
  const mark = found.find((member) => member.mark !== undefined)?.mark;
  if (mark !== undefined) return { home: mark.home, process: mark.owner };
  return known || found.length === 0 ? unknownOwner(label) : undefined;
}

/** Whether it is for us to remove: another HARDWAY_HOME looks after its own, for as long as it is there. */
const isOurs = (owner: Owner): boolean =>
  owner.home.startsWith(join(home, "labs") + sep) || !existsSync(owner.home);

/** What is left of a run that died before it could say whose it was: our own home may know it. */
const unknownOwner = (label: string): Owner => ({
  home: join(home, "labs", parseLabel(label)?.lab ?? ""),
  process: { pid: 0, start: "" },
});

async function isLive(
  label: string,
  { home: labHome, process: owner }: Owner,
  inWorld: boolean,
): Promise<boolean> {
  if (isAlive(owner) || (await labHolder(labHome))?.label === label) return true;
  const state = await readState(parseLabel(label)?.lab ?? "", labHome).catch(() => undefined);
  if (state?.label !== label) return false;
  // A kept lab in a namespace is no more once its processes are gone, as after the host's restart.
  return !inWorld || (members().get(label) ?? []).some(({ mark }) => mark !== undefined);
}

/** The runs whose world has a folder. */
async function worldFolders(): Promise<string[]> {
  const labs = await readdir(join(home, "labs")).catch(() => []);
  const worlds = labs.map((lab) => readdir(join(home, "labs", lab, "worlds")).catch(() => []));
  return (await Promise.all(worlds)).flat().filter((name) => parseLabel(name) !== undefined);
}

/** The labels on what a libvirt holds, with the owner where the run's networks still say it. */
async function labelsIn(libvirt: Libvirt): Promise<Map<string, Owner>> {
  const networks = await names(libvirt, ["net-list", "--all", "--name"]);
  const domains = await names(libvirt, ["list", "--all", "--name"]);
  const pools = await names(libvirt, ["pool-list", "--name"]);
  const volumes = (await Promise.all(pools.map((pool) => volumesIn(libvirt, pool)))).flat();
  const found = new Map<string, Owner>();
  for (const name of [...domains, ...volumes, ...networks]) {
    const run = runOf(name);
    if (run === undefined) continue;
    const written = networks.includes(name)
      ? readOwner(await virsh(libvirt, ["net-dumpxml", name]))
      : undefined;
    found.set(run.label, written ?? found.get(run.label) ?? unknownOwner(run.label));
  }
  return found;
}
