import { HardwayError } from "../errors.ts";
import type { LoadedLab } from "../lab/load.ts";
import { labHolder } from "../machines/lock.ts";
import { type FoundRun, findRuns, holderOf } from "../machines/runs.ts";
import { readState } from "../machines/state.ts";
import { refuseTaken } from "../machines/taken.ts";
import { hostUri, type Libvirt } from "../machines/virsh.ts";
import { labHome } from "../paths.ts";
import { namespaceLabels } from "../world/mark.ts";
import { systemLibvirt } from "./choose.ts";
import { no, patience, unproved, yes, type Finding } from "./finding.ts";

/** The host's own libvirt; undefined where none answers. */
export async function hostLibvirt(): Promise<Libvirt | undefined> {
  return (await systemLibvirt()).ok ? { uri: hostUri() } : undefined;
}

/** Whether the lab is taken, by a run that has it now, or because it was left up; and what dead runs have left. */
export async function earlier({ name }: LoadedLab): Promise<Finding[]> {
  const findings: Finding[] = [];
  const holder = await labHolder(labHome(name));
  if (holder !== undefined) {
    const { pid, command, startedAt } = holder;
    const mend = `wait for it to end, or end it: kill -INT ${pid}`;
    findings.push(no("lab", `held by pid ${pid} (${command}) since ${startedAt}`, mend));
  }
  const state = await readState(name).catch((error: unknown) => error);
  if (state instanceof HardwayError) {
    findings.push(no("lab", state.message, state.hint ?? `npm run lab -- destroy --lab ${name}`));
  } else if (isLeft(state)) {
    const mend = `npm run lab -- destroy --lab ${name}`;
    findings.push(no("lab", `left up as ${state.label} by the run in ${state.folder}`, mend));
  }
  if (findings.length === 0) findings.push(yes("lab", "nobody has it, and none was left up"));
  return [...findings, ...(await leftovers())];
}

/** What dead runs have left is in nobody's way: the next run removes it first. */
async function leftovers(): Promise<Finding[]> {
  const libvirt = await hostLibvirt();
  const signal = AbortSignal.timeout(patience);
  const runs = await findRuns(libvirt && { ...libvirt, signal }).catch(() => undefined);
  if (runs === undefined)
    return [unproved("left over", "libvirt does not tell in time what dead runs have left")];
  return Promise.all(
    runs
      .filter(({ standing }) => standing === "dead")
      .map(async (run) => {
        const next = run.isOurs ? "; the next run removes it first" : "";
        return unproved("left over", `${leftBy(run)}${next}`, (await holderOf(run)).mend);
      }),
  );
}

/** What a dead run has left, in words. */
export const leftBy = ({ label, parts }: FoundRun): string =>
  `${label}, a run that died: ${parts.join(", ") || "its folder"}`;

type Left = NonNullable<Awaited<ReturnType<typeof readState>>>;

/** A namespace that went with the host's last restart took its lab along. */
const isLeft = (state: unknown): state is Left => {
  const known = state as Left | undefined;
  return known !== undefined && (known.world === undefined || namespaceLabels().includes(known.label));
};

/** Whether the host has routes already to where the lab's networks are to be, other than a dead run's. */
export async function networks(lab: LoadedLab): Promise<Finding> {
  if (lab.isolation === "namespace") return yes("networks", "the lab's own, in a namespace");
  const libvirt = await hostLibvirt();
  try {
    const signal = AbortSignal.timeout(patience);
    await refuseTaken(lab, libvirt && { ...libvirt, signal });
  } catch (error) {
    if (!(error instanceof HardwayError))
      return unproved("networks", "libvirt does not tell in time who has them");
    return no(
      "networks",
      [error.message, ...error.details].join("; "),
      error.hint ?? "change the lab's network",
    );
  }
  return yes("networks", `the host has no route to ${lab.network} or ${lab.management}`);
}
