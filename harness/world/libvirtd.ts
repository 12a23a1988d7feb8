import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { writeFile } from "../files.ts";
import { ask, tail } from "../machines/command.ts";

/** libvirtd as facts/vagrant-libvirt.md §1 found that it works: reached by its socket alone, no dbus, no polkit. */
const daemonConfiguration = (sockets: string): string => `unix_sock_dir = "${sockets}"
unix_sock_group = "root"
unix_sock_rw_perms = "0700"
unix_sock_ro_perms = "0700"
unix_sock_admin_perms = "0700"
auth_unix_ro = "none"
auth_unix_rw = "none"
log_outputs = "2:file:/var/log/libvirt/libvirtd.log"
`;

/**
 * Without stdio_handler a virtlogd is looked for; without root a domain's start hangs 2.5 minutes in a capability
 * probe; the rest is what there is no system around us for.
 */
const qemuConfiguration = `user = "root"
group = "root"
stdio_handler = "file"
security_driver = "none"
dynamic_ownership = 0
remember_owner = 0
cgroup_controllers = [ ]
namespaces = [ ]
`;

/**
 * Starts a libvirtd in a run's namespaces and waits until it answers.
 * @param enter puts a command into the namespaces
 * @param etc the folder bound over /etc/libvirt, and `log` the one over /var/log/libvirt
 * @param sockets a folder inside the namespaces
 * @returns the URI by which programs inside reach it
 * @throws LabNotBuilt with the end of its log
 */
export async function startLibvirtd(
  enter: (argv: string[]) => [string, ...string[]],
  { etc, log, sockets }: { etc: string; log: string; sockets: string },
  environment: Record<string, string>,
  signal?: AbortSignal,
): Promise<string> {
  await writeFile(join(etc, "libvirtd.conf"), daemonConfiguration(sockets));
  await writeFile(join(etc, "qemu.conf"), qemuConfiguration);
  const uri = `qemu+unix:///system?socket=${sockets}/libvirt-sock`;
  const files = ["--config", "/etc/libvirt/libvirtd.conf", "--pid-file", `${sockets}/libvirtd.pid`];
  const options = { within: budget.world, signal, env: environment };
  const started = await ask(enter(["libvirtd", "--daemon", ...files]), options);
  const answered = started.code === 0 ? await ask(enter(["virsh", "-c", uri, "uri"]), options) : started;
  if (answered.code === 0) return uri;
  const written = await readFile(join(log, "libvirtd.log"), "utf8").catch(() => "");
  throw new LabNotBuilt({
    message: "libvirtd does not start in the run's namespace",
    details: [...tail(answered.stderr, 3), ...tail(written, 5)],
  });
}
