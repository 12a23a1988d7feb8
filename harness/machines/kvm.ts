import { constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { openThere } from "../files.ts";

interface HostDriver {
  /** What runs the machines: the processor, or emulation. */
  driver: "kvm" | "qemu";
  /** The reason, as printed. */
  why: string;
}

/**
 * Whether this host runs machines by KVM. A /dev/kvm that opens proves nothing: a paravirtual one makes a machine
 * and crashes stock kernels at once, so the processor must say vmx or svm too (facts/vagrant-libvirt.md).
 */
export async function hostDriver(): Promise<HostDriver> {
  const flag = virtualization(await readFile("/proc/cpuinfo", "utf8"));
  if (flag === undefined) return { driver: "qemu", why: "no vmx or svm in /proc/cpuinfo" };
  const trouble = await openTrouble("/dev/kvm");
  if (trouble !== undefined) return { driver: "qemu", why: `${flag} in /proc/cpuinfo, but ${trouble}` };
  return { driver: "kvm", why: `${flag} in /proc/cpuinfo and /dev/kvm usable` };
}

/** The processor's flag for hardware virtualization, from the text of /proc/cpuinfo. */
export function virtualization(cpuinfo: string): "vmx" | "svm" | undefined {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.split(/\s+/) ?? [];
  return (["vmx", "svm"] as const).find((flag) => flags.includes(flag));
}

async function openTrouble(device: string): Promise<string | undefined> {
  try {
    await (await openThere(device, constants.O_RDWR)).close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
