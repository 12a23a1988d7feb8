/** A Debian package the host needs, and what for. */
export interface Requirement {
  name: string;
  why: string;
}

/** What every lab needs on the host; a lab's prepare hook adds its own (facts/vagrant-libvirt.md §1). */
export const everyLab: Requirement[] = [
  { name: "vagrant", why: "brings the machines up" },
  { name: "vagrant-libvirt", why: "lets Vagrant use libvirt" },
  { name: "libvirt-daemon", why: "runs the machines" },
  { name: "libvirt-daemon-driver-qemu", why: "runs the machines" },
  { name: "libvirt-clients", why: "virsh, to make and remove what carries our label" },
  { name: "qemu-system-x86", why: "the machines themselves" },
  { name: "qemu-utils", why: "disk images" },
  { name: "dnsmasq-base", why: "addresses on the management network" },
  { name: "iproute2", why: "the network namespace" },
  { name: "iptables", why: "libvirt's networks" },
  { name: "openssh-client", why: "`npm run lab -- ssh`" },
  { name: "gnupg", why: "keys and signed checksums" },
  { name: "rpm", why: "the packages that must be refused" },
  { name: "createrepo-c", why: "the repository that offers them" },
];
