import { completeLab } from "../../harness/lab/complete.ts";
import type { Lab } from "../../harness/lab/lab.ts";
import { loadLab } from "../../harness/lab/load.ts";
import type { Placement } from "../../harness/render/placement.ts";

export const labNames = ["centos7", "embedded"] as const;
export type LabName = (typeof labNames)[number];

/** A lab of the project as a run sees it, with prepared values that are the same on every computer. */
export async function fixedLab(name: LabName): Promise<Lab> {
  const prepared = {
    folder: "/prepared",
    fingerprints: { testbed: "0123456789ABCDEF0123456789ABCDEF01234567" },
  };
  return completeLab(await loadLab(name), prepared, "http://10.146.47.1:8180");
}

/** Where a run would make the lab's machines: centos7's on the host's libvirt with KVM, embedded's emulated. */
export function fixedPlacement(lab: Lab): Placement {
  const label = `hardway-${lab.name}-0a1b2c`;
  const emulated = lab.isolation === "namespace";
  return {
    label,
    driver: emulated ? "qemu" : "kvm",
    uri: emulated ? "qemu+unix:///system?socket=/run/hardway/0a1b2c/libvirt-sock" : "qemu:///system",
    network: `${label}-lab`,
    managementNetwork: `${label}-mgmt`,
    box: { name: lab.box.name, version: "0" },
    pool: "default",
    consoleFolder: "/runs/0a1b2c/consoles",
  };
}
