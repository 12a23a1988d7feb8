import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFile } from "../files.ts";

/**
 * Debian's libvirtd does not start without the user and group libvirt-qemu, even where qemu.conf names others. Only
 * the package libvirt-daemon-system makes them, together with a system-wide libvirtd that we do not want; so the
 * run's libvirtd sees copies of the host's lists that have them. The number is the one Debian reserves for them.
 */
const entries = {
  passwd: "libvirt-qemu:x:64055:64055::/var/lib/libvirt:/usr/sbin/nologin",
  group: "libvirt-qemu:x:64055:",
};

/** Writes the lists `passwd` and `group` into a folder: the host's, with what libvirtd needs. */
export async function writeUsers(folder: string): Promise<void> {
  for (const [list, entry] of Object.entries(entries)) {
    const lines = (await readFile(join("/etc", list), "utf8")).trimEnd().split("\n");
    const complete = lines.some((line) => line.startsWith("libvirt-qemu:")) ? lines : [...lines, entry];
    await writeFile(join(folder, list), `${complete.join("\n")}\n`);
  }
}
