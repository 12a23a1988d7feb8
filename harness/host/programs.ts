import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { findBrowser, noBrowser } from "../browser/find.ts";
import { no, patience, unproved, yes, type Finding } from "./finding.ts";
import { installCommand, missingPackages } from "./packages.ts";
import type { Requirement } from "./requirements.ts";

/** What the harness starts, and the package it comes with. */
const started: Record<string, string> = {
  vagrant: "vagrant",
  virsh: "libvirt-clients",
  libvirtd: "libvirt-daemon",
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  dnsmasq: "dnsmasq-base",
  ip: "iproute2",
  iptables: "iptables",
  ssh: "openssh-client",
  gpg: "gnupg",
  rpm: "rpm",
  createrepo_c: "createrepo-c",
  tar: "tar",
  unshare: "util-linux",
  nsenter: "util-linux",
};

/** Where a program is that PATH does not lead to: an ordinary user of Debian has no sbin. */
const elsewhere = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"];

/** Whether Debian's packages are there. As root a run installs them by itself, if apt can. */
export async function packages(required: Requirement[]): Promise<Finding> {
  const missing = await missingPackages(required);
  if (missing.length === 0) return yes("packages", `all ${required.length} of Debian's are installed`);
  const why = `missing: ${missing.map(({ name }) => name).join(", ")}`;
  const command = installCommand(missing);
  if (process.getuid?.() !== 0) return no("packages", why, `sudo sh -c '${command}'`);
  const names = missing.map(({ name }) => name);
  const apt = await execa("apt-get", ["install", "--simulate", "-y", "--no-install-recommends", ...names], {
    reject: false,
    stdin: "ignore",
    timeout: patience,
  });
  if (apt.exitCode === 0) return unproved("packages", `${why}; a run installs them first`, command);
  return no("packages", why, command);
}

/** Whether what the installed packages brought is found by this PATH. */
export async function programs(required: Requirement[]): Promise<Finding> {
  const absent = new Set((await missingPackages(required)).map(({ name }) => name));
  const wanted = Object.entries(started).filter(([, from]) => !absent.has(from));
  const lost: { program: string; from: string; at: string | undefined }[] = [];
  for (const [program, from] of wanted) {
    if ((await onPath(program)) !== undefined) continue;
    lost.push({ program, from, at: await within(elsewhere, program) });
  }
  if (lost.length === 0) return yes("programs", `${wanted.length} are on the PATH`);
  const why = `not on the PATH: ${lost.map(({ program }) => program).join(", ")}`;
  const folders = new Set(lost.flatMap(({ at }) => (at === undefined ? [] : [at])));
  const gone = new Set(lost.filter(({ at }) => at === undefined).map(({ from }) => from));
  const mends = [
    ...(folders.size === 0 ? [] : [`export PATH="$PATH:${[...folders].join(":")}"`]),
    ...(gone.size === 0 ? [] : [`apt-get install --reinstall -y ${[...gone].join(" ")}`]),
  ];
  return no("programs", why, mends.join("; "));
}

/** A browser, for the specs that look at the guestbook as a person does: without one, those alone are left out. */
export async function chromium(): Promise<Finding> {
  const found = await Promise.race([findBrowser(), setTimeout(patience, "busy" as const, { ref: false })]);
  const mend = "apt-get install -y --no-install-recommends chromium";
  if (found === undefined) return unproved("chromium", `${noBrowser}; only --browser needs one`, mend);
  if (found === "busy") return unproved("chromium", "it did not tell its version in time");
  return yes("chromium", found);
}

/** The folder of the PATH in which a program is; undefined where it is in none. */
const onPath = (program: string): Promise<string | undefined> =>
  within((process.env["PATH"] ?? "").split(delimiter), program);

async function within(folders: readonly string[], program: string): Promise<string | undefined> {
  for (const folder of folders.filter((path) => path !== "")) {
    const there = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (there) return folder;
  }
  return undefined;
}
