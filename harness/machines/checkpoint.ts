import { prefixOf } from "./label.ts";
import type { SshMachine } from "./ssh.ts";
import { type Libvirt, virsh } from "./virsh.ts";

/**
 * Saves the machines as they are, memory included: 1 s for three (facts/vagrant-libvirt.md §5).
 * @param name of the checkpoint; one of that name is replaced
 * @throws LabNotBuilt when libvirt refuses
 */
export async function saveCheckpoint(
  libvirt: Libvirt,
  label: string,
  machines: readonly SshMachine[],
  name: string,
): Promise<void> {
  const domains = machines.map((machine) => prefixOf(label) + machine.name);
  await Promise.all(
    domains.map(async (domain) => {
      await virsh(libvirt, ["snapshot-delete", domain, name]).catch(() => undefined);
      await virsh(libvirt, ["snapshot-create-as", domain, name]);
    }),
  );
}

/**
 * Brings the machines back to a checkpoint: 3-4 s, then SSH. A revert starts new QEMU processes, so connections are
 * ended before it; the machines' clocks went back too, and are set.
 * @throws LabNotBuilt when libvirt refuses, NotJudged when a machine does not answer afterwards
 */
export async function restoreCheckpoint(
  libvirt: Libvirt,
  label: string,
  machines: readonly SshMachine[],
  name: string,
): Promise<void> {
  await Promise.all(machines.map((machine) => machine[Symbol.asyncDispose]()));
  const { signal } = libvirt;
  await Promise.all(
    machines.map(async (machine) => {
      await virsh(libvirt, ["snapshot-revert", prefixOf(label) + machine.name, name]);
      await machine.run(
        `date -u -s @${Math.round(Date.now() / 1000)} >/dev/null`,
        signal === undefined ? {} : { signal },
      );
    }),
  );
}
