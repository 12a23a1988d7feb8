import type { Lab } from "../../harness/lab/lab.ts";
import { ownTemplates } from "../../harness/paths.ts";
import type { ProvisionFailure } from "../../harness/provision/result.ts";

/** What a run of a lab writes down of itself. */
export const sessionOf = (lab: Lab, failures: ProvisionFailure[] = []): Record<string, unknown> => ({
  id: "3023c8",
  chosen: "as asked",
  lab,
  placement: {
    label: "hardway-embedded-3023c8",
    driver: "qemu",
    uri: "qemu:///system",
    network: "hardway-embedded-3023c8-lab",
    managementNetwork: "hardway-embedded-3023c8-mgmt",
    box: { name: "hardway/embedded", version: "0.b25fe05e9e87" },
    pool: "hardway",
    consoleFolder: "/reports/run/consoles",
  },
  box: { name: "hardway/embedded", version: "0.b25fe05e9e87", image: "/boxes/box.img" },
  driver: "no vmx or svm in /proc/cpuinfo",
  folder: "/reports/run",
  startedAt: "2026-11-25T00:53:19.000Z",
  templates: ownTemplates,
  provisioned: { digest: "", revision: 1, failures },
  stages: [],
});
