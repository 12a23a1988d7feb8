import { execa } from "execa";
import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { placeIn } from "../lab/document.ts";
import { networksOf } from "../lab/network-rules.ts";
import { pathText } from "../lab/problem.ts";
import { refuseRouteClash, routeClashes } from "../lab/routes.ts";
import { demand } from "./command.ts";
import { findRuns, holderOf } from "./runs.ts";
import type { Libvirt } from "./virsh.ts";

type Networks = Parameters<typeof refuseRouteClash>[0];

/**
 * Refuses a lab on the host whose networks somebody has already: another run, which is named, or the host itself. What
 * a dead run has left does not count: it is removed before anything is made.
 * @param libvirt the host's; undefined where none answers
 * @throws LabNotBuilt naming the run that has them and how to end it, BadConfiguration naming the host's routes
 */
export async function refuseTaken(lab: Networks, libvirt: Libvirt | undefined): Promise<void> {
  if (lab.isolation === "namespace") return;
  const command = ["ip", "-4", "route", "show", "table", "all"] as const;
  const shown = await demand(command, { within: budget.libvirt, signal: libvirt?.signal });
  const runs = libvirt === undefined ? [] : await findRuns(libvirt);
  const bridgesOf = (run: (typeof runs)[number]) => run.held?.bridges ?? [];
  for (const run of runs) {
    if (run.standing === "dead") continue;
    const details = routeClashes(lab, shown, (devices) =>
      devices.some((device) => bridgesOf(run).includes(device)),
    );
    if (details.length === 0) continue;
    const { who, mend } = await holderOf(run);
    throw new LabNotBuilt({ message: `the networks of ${lab.file} are taken: ${who}`, details, hint: mend });
  }
  const places = new Map<string, string>();
  for (const { path } of networksOf(lab)) places.set(pathText(path), await placeIn(lab.file, path));
  const where = (path: PropertyKey[]) => `${places.get(pathText(path)) ?? lab.file}  ${pathText(path)}`;
  refuseRouteClash(lab, shown, runs.flatMap(bridgesOf), where);
}

/** The same before packages are installed, as far as this host can tell without. */
export async function refuseTakenEarly(lab: Networks, libvirt: Libvirt | undefined): Promise<void> {
  const { exitCode } = await execa("ip", ["-V"], { reject: false, timeout: budget.libvirt });
  if (exitCode === 0) await refuseTaken(lab, libvirt);
}
