import { execa } from "execa";

const commands: Record<string, string[]> = {
  vagrant: ["dpkg-query", "-W", "-f", "${Version}", "vagrant"],
  "vagrant-libvirt": ["dpkg-query", "-W", "-f", "${Version}", "vagrant-libvirt"],
  libvirt: ["virsh", "--version"],
  qemu: ["qemu-system-x86_64", "--version"],
};

/** The versions of what runs on the host, a line each; `unknown` for what does not tell. */
export async function toolVersions(): Promise<Record<string, string>> {
  const asked = Object.entries(commands).map(async ([name, [command = "", ...args]]) => {
    const { stdout, exitCode } = await execa(command, args, { reject: false });
    return [name, exitCode === 0 ? (stdout.split("\n")[0] ?? "") : "unknown"] as const;
  });
  return { node: process.versions.node, ...Object.fromEntries(await Promise.all(asked)) };
}
