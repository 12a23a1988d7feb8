import { resolve } from "node:path";
import { z } from "zod";
import { readYaml } from "../lab/document.ts";
import { project } from "../paths.ts";

const requirement = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.+-]+$/, "expected the name of a Debian package"),
  why: z.string().regex(/^\P{Cc}+$/u, "expected a text on one line"),
});

/** A Debian package the host needs, and what for. */
export type Requirement = z.output<typeof requirement>;

/**
 * The packages in a list of the project's, such as a lab's prepare hook names.
 * @param file its path in the project
 * @throws BadConfiguration with each mistake at its line
 */
export const requirementsIn = (file: string): Promise<Requirement[]> =>
  readYaml(resolve(project, file), file, {
    noun: "list of Debian packages",
    schema: z.array(requirement),
    help: "testbed/requirements.yaml is a working example",
  });

/** What every lab needs on the host; a lab file's `hooks.packages` adds its own (facts/vagrant-libvirt.md §1). */
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
