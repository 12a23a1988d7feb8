import { join } from "node:path";
import { firstAddress } from "../lab/addresses.ts";
import type { Lab } from "../lab/lab.ts";
import type { LoadedLab } from "../lab/load.ts";
import { networksOf } from "../machines/label.ts";
import { project } from "../paths.ts";
import { planFor } from "../provision/plan.ts";
import type { Roles } from "../provision/role.ts";
import type { Placement } from "../render/placement.ts";
import { renderVagrantfile } from "../render/vagrantfile.ts";

/** The port of the lab's package server, on the host's address in the lab's network. */
export const packagePort = 8180;

/** The package server's URL, as machines read it. */
export const packageServer = ({ network }: LoadedLab): string =>
  `http://${firstAddress(network)}:${packagePort}`;

/** Where a lab's machines will be made, but for what only a run knows: the box's version. */
export function foreseenPlacement(lab: Lab, label: string, folder: string): Placement {
  const networks = networksOf(label);
  return {
    label,
    driver: "qemu",
    uri: "qemu:///system",
    network: networks.lab,
    managementNetwork: networks.management,
    box: { name: lab.box.name, version: "0" },
    pool: "default",
    consoleFolder: join(folder, "consoles"),
  };
}

/**
 * Renders all that a run would put anywhere, and puts it nowhere: what is wrong with a template is told before anything
 * is made for the run.
 * @throws BadConfiguration with template:line:column
 */
export async function rehearse(lab: Lab, roles: Roles): Promise<void> {
  const label = `hardway-${lab.name}-000000`;
  await renderVagrantfile(lab, foreseenPlacement(lab, label, join(project, "reports", label)));
  for (const machine of lab.machines) await planFor(lab, machine, roles);
}
