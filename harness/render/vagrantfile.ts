import { join } from "node:path";
import { budget } from "../budgets.ts";
import { BadConfiguration } from "../errors.ts";
import { netmask } from "../lab/addresses.ts";
import type { Lab } from "../lab/lab.ts";
import type { MachineFile } from "../lab/schema.ts";
import type { Placement } from "./placement.ts";
import { renderTemplate } from "./template.ts";

/**
 * What a directly booted machine is told: its name, and its lab address before anything else runs, which saves the
 * 40 s that Vagrant takes for them over SSH on an emulated machine (facts/vagrant-libvirt.md §3).
 */
const kernelCommandLine = (lab: Lab, machine: MachineFile): string =>
  [
    ...lab.box.kernelArguments,
    `systemd.hostname=${machine.name}`,
    `ip=${machine.address}:::${netmask(lab.network)}::${lab.flannel.interface}:off`,
  ].join(" ");

/** The plug-in writes the console's path into XML as it is. */
function refuseXml(path: string): void {
  if (!/[<>&'"]/.test(path)) return;
  throw new BadConfiguration({
    message: `expected a folder for the machines' consoles without any of < > & ' ", saw ${path}`,
    hint: "clone into another folder: consoles are written below its reports/",
  });
}

/** The data of Vagrantfile.hbs. */
export function vagrantfileData(lab: Lab, placement: Placement): object {
  return {
    ...placement,
    guest: lab.box.guest,
    bootTimeout: budget.boot / 1000,
    emulated: placement.driver === "qemu",
    prefix: `${placement.label}_`,
    netmask: netmask(lab.network),
    managementAddress: lab.management,
    managementMode: lab.isolation === "namespace" ? "none" : "nat",
    addressedByKernel: lab.box.addressing === "kernel",
    machines: lab.machines.map((machine) => ({
      ...machine,
      commandLine: kernelCommandLine(lab, machine),
      console: join(placement.consoleFolder, `${machine.name}.log`),
    })),
  };
}

/**
 * The Vagrantfile for a lab's machines, rendered from Vagrantfile.hbs.
 * @throws BadConfiguration when the template names what is not in its data
 */
export async function renderVagrantfile(lab: Lab, placement: Placement): Promise<string> {
  refuseXml(placement.consoleFolder);
  return renderTemplate("Vagrantfile.hbs", vagrantfileData(lab, placement));
}
