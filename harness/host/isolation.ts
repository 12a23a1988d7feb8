import { execa } from "execa";
import { stat } from "node:fs/promises";
import type { LoadedLab } from "../lab/load.ts";
import { hostDriver } from "../machines/kvm.ts";
import { systemLibvirt } from "./choose.ts";
import { no, patience, unproved, yes, type Finding } from "./finding.ts";

const run = (command: string, args: string[]) =>
  execa(command, args, { reject: false, timeout: patience, stdin: "ignore", env: { LC_ALL: "C" } });

/** Whether this user may do what the lab takes: all of a namespace needs root, the host's libvirt its group. */
export async function rights({ isolation }: LoadedLab): Promise<Finding> {
  if (process.getuid?.() === 0) return yes("rights", "root");
  if (isolation === "namespace") {
    return no("rights", "only root can make a namespace", 'sudo env "PATH=$PATH" npm run e2e');
  }
  const { stdout } = await run("id", ["-nG"]);
  const groups = stdout.split(/\s+/);
  if (groups.includes("libvirt")) return yes("rights", "not root, but in the group libvirt");
  return no(
    "rights",
    "neither root nor in the group libvirt",
    'sudo adduser "$USER" libvirt, and log in again',
  );
}

/** What runs the machines; emulated ones work as well, slowly. */
export async function kvm({ isolation }: LoadedLab): Promise<Finding> {
  const { driver, why } = await hostDriver();
  if (driver === "kvm") return yes("kvm", why);
  const slow = isolation === "host" ? "the machines would be emulated, and slow" : "machines are emulated";
  const mend = why.includes("EACCES")
    ? 'sudo adduser "$USER" kvm, and log in again'
    : why.includes("ENOENT")
      ? "sudo modprobe kvm_intel || sudo modprobe kvm_amd"
      : undefined;
  return unproved("kvm", `${why}; ${slow}`, mend);
}

/** Whether the host's own libvirt answers. */
export async function libvirt(): Promise<Finding> {
  const { ok, why } = await systemLibvirt();
  if (ok) return yes("libvirt", why);
  const start = "systemctl enable --now libvirtd";
  return no("libvirt", why, `apt-get install -y libvirt-daemon-system && ${start}`);
}

/**
 * All that a run's namespace is made of, made once and gone with the process: a network namespace with a name, a /sys
 * of its own, a bridge and what QEMU opens for a machine's link.
 */
const trial = `set -e
mount -t tmpfs hardway /run
ip netns add trial
ip netns exec trial true
mount -t sysfs hardway /sys
ip link add hw0 type bridge
test -c /dev/net/tun`;

const mends: [RegExp, string][] = [
  [/tun|^$/i, "modprobe tun && test -c /dev/net/tun"],
  [/bridge|not supported/i, "modprobe bridge"],
  [/ip: not found/, "apt-get install -y iproute2"],
];

export async function namespaces(): Promise<Finding> {
  if (process.getuid?.() !== 0) {
    return no("namespaces", "only root can make them", 'sudo env "PATH=$PATH" npm run e2e');
  }
  const unshare = ["--net", "--mount", "--propagation", "private", "--", "sh", "-c", trial];
  const { exitCode, stderr, shortMessage } = await run("unshare", unshare);
  if (exitCode === 0) return yes("namespaces", "network, mount, bridge and tun can be made");
  const said = stderr.trim().split("\n").at(-1) || (exitCode === undefined ? (shortMessage ?? "") : "");
  const mend = mends.find(([pattern]) => pattern.test(said))?.[1];
  const why = said || "/dev/net/tun is not there";
  return no("namespaces", why, mend ?? "run outside of an unprivileged container, or with --privileged");
}

/** A run's own libvirtd is told to use none of them; the host's puts its machines into them. */
export async function cgroups({ isolation }: LoadedLab): Promise<Finding> {
  const unified = await there("/sys/fs/cgroup/cgroup.controllers");
  const old = await there("/sys/fs/cgroup/cpu");
  const have = unified ? "v2" : old ? "v1" : "none mounted";
  if (isolation === "namespace") return yes("cgroups", `${have}; the run's libvirtd uses none`);
  if (unified || old) return yes("cgroups", have);
  return unproved(
    "cgroups",
    "none mounted, and libvirtd may want them",
    "mount -t cgroup2 none /sys/fs/cgroup",
  );
}

const there = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
