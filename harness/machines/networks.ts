import { join } from "node:path";
import { writeFile } from "../files.ts";
import { addressAfter, firstAddress, lastAddress, netmask } from "../lab/addresses.ts";
import type { Lab } from "../lab/lab.ts";
import { bridgesOf, networksOf, type Run } from "./label.ts";
import { type Libvirt, virsh, xml } from "./virsh.ts";
import { type Owner, ownerXml } from "./owner.ts";

type Ranges = Pick<Lab, "network" | "management" | "isolation" | "hostAddress">;

interface NetworkPlan {
  run: Run;
  lab: Ranges;
  owner: Owner;
  /** Gets their XML, to be read. */
  folder: string;
}

/**
 * Makes a run's two networks, before any machine: machines that start side by side must not make them, and with
 * the spanning tree protocol a port would be deaf for 4 s (facts/vagrant-libvirt.md §3). They are transient: to stop
 * them is to remove them.
 * @throws LabNotBuilt when libvirt refuses, such as where an address range is in use
 */
export async function makeNetworks(libvirt: Libvirt, made: NetworkPlan): Promise<void> {
  const { run, lab, owner, folder } = made;
  const networks = { lab: labNetwork(run, lab, owner), management: managementNetwork(run, lab, owner) };
  for (const [name, text] of Object.entries(networks)) {
    const file = join(folder, `network-${name}.xml`);
    await writeFile(file, text);
    await virsh(libvirt, ["net-create", file]);
  }
}

/** The network between the machines: no way out, no DHCP; the host has its first address. */
const labNetwork = (run: Run, lab: Ranges, owner: Owner): string => `<network>
  <name>${networksOf(run.label).lab}</name>
  <metadata>${ownerXml(owner)}</metadata>
  <bridge name="${bridgesOf(run).lab}" stp="off" delay="0"/>
  <dns enable="no"/>
  <ip address="${xml(lab.hostAddress)}" netmask="${netmask(lab.network)}"/>
</network>
`;

/**
 * The network Vagrant reaches the machines by. Its DHCP gives them a default route, as a CentOS machine has one and
 * as kube-apiserver needs one (facts/vagrant-libvirt.md §4): on the host it leads out by NAT; in a namespace the mode
 * `open` gives it too, and since nothing is behind it every packet is answered at once with "unreachable". There
 * are no names to resolve there; a host's machines ask the network's own server, which libvirt's dnsmasq offers in
 * its leases only where `dns` is not off (dnsmasq, src/rfc2131.c: option 6 while its port is 53).
 */
function managementNetwork(run: Run, lab: Ranges, owner: Owner): string {
  const first = firstAddress(lab.management);
  return `<network>
  <name>${networksOf(run.label).management}</name>
  <metadata>${ownerXml(owner)}</metadata>
  <forward mode="${lab.isolation === "namespace" ? "open" : "nat"}"/>
  <bridge name="${bridgesOf(run).management}" stp="off" delay="0"/>
${lab.isolation === "namespace" ? `  <dns enable="no"/>\n` : ""}  <ip address="${first}" netmask="${netmask(lab.management)}">
    <dhcp><range start="${addressAfter(first, 1)}" end="${lastAddress(lab.management)}"/></dhcp>
  </ip>
</network>
`;
}
