import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { HardwayError } from "../errors.ts";
import { home } from "../paths.ts";
import { type Member, members, namespaceLabels } from "../world/mark.ts";
import { type Holding, holdingsIn, inWords } from "./holdings.ts";
import { parseLabel } from "./label.ts";
import { labHolder } from "./lock.ts";
import type { Owner } from "./owner.ts";
import { isAlive } from "./process.ts";
import { readState } from "./state.ts";
import type { Libvirt } from "./virsh.ts";

/**
 * How it stands with a run: its harness is alive; it was left up on purpose; it is dead, and so is what there is of
 * it; or it cannot be told, since the file that says whether it was left up is another user's, or damaged.
 */
type Standing = "alive" | "kept" | "dead" | "unknown";

/** A run of which there is something on this host. */
export interface FoundRun {
  label: string;
  owner: Owner;
  standing: Standing;
  /** What a libvirt of the host holds of it; undefined where it holds nothing. */
  held: Holding | undefined;
  /** What there is of it, in words. */
  parts: string[];
  /** Whether it is for this HARDWAY_HOME to remove once it is dead. */
  isOurs: boolean;
}

/**
 * Every run of ours of which there is something on this host: marked processes, namespaces, worlds' folders, and what
 * the host's libvirt holds. Whether a run lives is read from its owner, whatever HARDWAY_HOME that has.
 * @param libvirt the host's; undefined where there is none that answers
 * @throws LabNotBuilt when libvirt refuses
 */
export async function findRuns(libvirt?: Libvirt): Promise<FoundRun[]> {
  // Processes last: what holds something was marked before it took hold.
  const held =
    libvirt === undefined || isElsewhere(libvirt) ? new Map<string, Holding>() : await holdingsIn(libvirt);
  // Namespaces are root's, and only root can tell whether the run in one is alive.
  const isRoot = process.getuid?.() === 0;
  const named = isRoot ? namespaceLabels() : [];
  const folders = isRoot ? await worldFolders() : [];
  const found = members();
  const runs: FoundRun[] = [];
  for (const label of new Set([...held.keys(), ...found.keys(), ...named, ...folders])) {
    const living = found.get(label) ?? [];
    const holding = held.get(label);
    const mark = living.find((member) => member.mark !== undefined)?.mark;
    const marked = mark === undefined ? undefined : { home: mark.home, process: mark.owner };
    // A namespace full of processes that carry no mark and of which we have no folder is nobody's we know.
    if (!holding && !marked && living.length > 0 && !folders.includes(label)) continue;
    const owner = holding?.owner ?? marked ?? unknownOwner(label);
    runs.push({
      label,
      owner,
      standing: await standingOf(label, owner, holding !== undefined || marked !== undefined),
      held: holding,
      parts: [...partsOf(living, named.includes(label)), ...(holding === undefined ? [] : inWords(holding))],
      isOurs: holding !== undefined || isBelow(owner.home) || !existsSync(owner.home),
    });
  }
  return runs;
}

/** How a run that holds something is ended, or what there is to wait for: a sentence, and what to do about it. */
export async function holderOf({ label, owner, standing }: FoundRun): Promise<{ who: string; mend: string }> {
  const lab = parseLabel(label)?.lab ?? "";
  const elsewhere = isBelow(owner.home) ? "" : `HARDWAY_HOME=${dirname(dirname(owner.home))} `;
  const destroy = `${elsewhere}npm run lab -- destroy`;
  if (standing === "kept") return { who: `${label}, left up`, mend: `${destroy} --lab ${lab}` };
  if (standing === "dead") return { who: `${label}, of a run that died`, mend: destroy };
  if (standing === "unknown") {
    const error: unknown = await readState(lab, owner.home).catch((reason: unknown) => reason);
    const hint = error instanceof HardwayError ? error.hint : undefined;
    return { who: `${label}, which may have been left up`, mend: hint ?? destroy };
  }
  const holder = await labHolder(owner.home);
  const known = holder?.label === label ? holder : undefined;
  const pid = known?.pid ?? owner.process.pid;
  const more = known === undefined ? "" : ` (${known.command}) since ${known.startedAt}`;
  const whose = elsewhere === "" ? "" : `, ${elsewhere.trim()}`;
  return {
    who: `${label}, held by pid ${pid}${more}${whose}`,
    mend: `wait for it to end, or end it: kill -INT ${pid}`,
  };
}

async function standingOf(label: string, owner: Owner, isThere: boolean): Promise<Standing> {
  if (isAlive(owner.process) || (await labHolder(owner.home))?.label === label) return "alive";
  try {
    const state = await readState(parseLabel(label)?.lab ?? "", owner.home);
    // A kept lab in a namespace is no more once its processes are gone, as after the host's restart.
    return state?.label === label && isThere ? "kept" : "dead";
  } catch {
    return "unknown";
  }
}

/** Of a libvirt on another host nobody here can tell whose process is alive. */
const isElsewhere = ({ uri }: Libvirt): boolean => !/^[^:/]+:\/\/\//.test(uri);

function partsOf(living: Member[], named: boolean): string[] {
  const processes = living.length === 1 ? "1 process" : `${living.length} processes`;
  return [...(living.length === 0 ? [] : [processes]), ...(named ? ["its namespace"] : [])];
}

/** Whether a lab's home is in this HARDWAY_HOME. */
export const isBelow = (labHome: string): boolean => labHome.startsWith(join(home, "labs") + sep);

/** Of a run that died before it could say whose it was, or says it no more: our own home may know it. */
const unknownOwner = (label: string): Owner => ({
  home: join(home, "labs", parseLabel(label)?.lab ?? ""),
  process: { pid: 0, start: "" },
});

/** The runs whose world has a folder in this HARDWAY_HOME. */
async function worldFolders(): Promise<string[]> {
  const labs = await readdir(join(home, "labs")).catch(() => []);
  const worlds = labs.map((lab) => readdir(join(home, "labs", lab, "worlds")).catch(() => []));
  return (await Promise.all(worlds)).flat().filter((name) => parseLabel(name) !== undefined);
}
