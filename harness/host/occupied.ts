import { execa } from "execa";
import { HardwayError } from "../errors.ts";
import type { LoadedLab } from "../lab/load.ts";
import { refuseRouteClash } from "../lab/routes.ts";
import { labHolder } from "../machines/lock.ts";
import { readState } from "../machines/state.ts";
import { labHome } from "../paths.ts";
import { namespaceLabels } from "../world/mark.ts";
import { no, patience, unproved, yes, type Finding } from "./finding.ts";

/** Whether the lab is taken: by a run that has it now, or because it was left up. */
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
  return findings.length > 0 ? findings : [yes("lab", "nobody has it, and none was left up")];
}

type Left = NonNullable<Awaited<ReturnType<typeof readState>>>;

/** A namespace that went with the host's last restart took its lab along. */
const isLeft = (state: unknown): state is Left => {
  const known = state as Left | undefined;
  return known !== undefined && (known.world === undefined || namespaceLabels().includes(known.label));
};

/** Whether the host has routes already to where the lab's networks are to be. */
export async function networks(lab: LoadedLab): Promise<Finding> {
  if (lab.isolation === "namespace") return yes("networks", "the lab's own, in a namespace");
  const options = { reject: false, timeout: patience } as const;
  const { exitCode, stdout } = await execa("ip", ["-4", "route", "show", "table", "all"], options);
  if (exitCode !== 0) return unproved("networks", "`ip` does not tell the host's routes");
  try {
    refuseRouteClash(lab, stdout, []);
  } catch (error) {
    if (!(error instanceof HardwayError)) throw error;
    return no("networks", error.details.join("; "), error.hint ?? "change the lab's network");
  }
  return yes("networks", `the host has no route to ${lab.network} or ${lab.management}`);
}
