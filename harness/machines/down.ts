import { networksOf, prefixOf } from "./label.ts";
import { type Libvirt, names, virsh } from "./virsh.ts";

/**
 * Removes a run's machines, their disks and its networks from a libvirt, found by name; what is another's is never
 * touched. virsh, not `vagrant destroy`: that needs the run's folder whole, and takes 8 s.
 * @returns what was removed, by name
 * @throws LabNotBuilt when libvirt refuses
 */
export async function takeDown(label: string, libvirt: Libvirt): Promise<string[]> {
  const ours = (name: string) => name.startsWith(prefixOf(label));
  const domains = (await names(libvirt, ["list", "--all", "--name"])).filter(ours);
  await Promise.all(domains.map((domain) => removeDomain(libvirt, domain)));

  const removed = domains.map((domain) => `machine ${domain}`);
  for (const pool of await names(libvirt, ["pool-list", "--name"])) {
    for (const volume of (await volumesIn(libvirt, pool)).filter(ours)) {
      await virsh(libvirt, ["vol-delete", "--pool", pool, volume]);
      removed.push(`volume ${volume}`);
    }
  }
  const networks: string[] = Object.values(networksOf(label));
  for (const network of await names(libvirt, ["net-list", "--all", "--name"])) {
    if (!networks.includes(network)) continue;
    await virsh(libvirt, ["net-destroy", network]);
    removed.push(`network ${network}`);
  }
  return removed;
}

/** The names of the volumes in a pool. */
export const volumesIn = async (libvirt: Libvirt, pool: string): Promise<string[]> =>
  (await names(libvirt, ["vol-list", pool])).flatMap((line) => line.split(/\s+/)[0] ?? []);

/** Whether it runs is not asked: it may end by itself in between. */
async function removeDomain(libvirt: Libvirt, domain: string): Promise<void> {
  await virsh(libvirt, ["destroy", domain]).catch(() => undefined);
  await virsh(libvirt, ["undefine", domain, "--snapshots-metadata", "--managed-save"]);
}
