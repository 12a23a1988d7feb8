import { spawn } from "node:child_process";
import { join } from "node:path";
import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { mkdir } from "../files.ts";
import { demand, tail } from "../machines/command.ts";
import { writeUsers } from "./users.ts";

/** libvirt's folders, which it cannot be told to have elsewhere: private ones are bound over them. */
const folders = {
  etc: "/etc/libvirt",
  lib: "/var/lib/libvirt",
  log: "/var/log/libvirt",
  cache: "/var/cache/libvirt",
};

/** Where libvirt has its sockets and what runs at present; in the namespace, nothing of the host's is there. */
export const runtime = "/run/libvirt";

/** Where a run's libvirtd has its sockets: a path of this run alone, and short, for one has at most 107 characters. */
export const socketsOf = (label: string): string => `${runtime}/${label.slice(-6)}`;

/**
 * Waits for a word on standard input before it becomes the sleeper: when the harness dies before the namespace has
 * its name, nobody would find the sleeper, so it ends. A fresh /sys shows the new namespace's interfaces.
 */
const script = `set -e
mount --bind "$1/etc" ${folders.etc}
mount --bind "$1/lib" ${folders.lib}
mount --bind "$1/log" ${folders.log}
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/group" /etc/group
mount --bind "$2" ${folders.cache}
mount -t tmpfs -o mode=755 hardway ${runtime}
mkdir -p "$3"
mount -t sysfs hardway /sys
ip link set lo up
echo ready
read -r go
exec sleep infinity </dev/null >/dev/null 2>&1`;

export interface Rooms {
  /** Holds etc/, lib/ and log/ of the run; removed with it. */
  run: string;
  /** What QEMU can do, as libvirt found out: kept between runs, since finding out takes 8 s. */
  cache: string;
  /** Where its libvirtd has its sockets: a folder below `runtime`. */
  sockets: string;
}

/**
 * Makes a network namespace of that name and a private mount namespace, and a small process that holds both.
 * @returns the holder's pid: with it end the mounts
 * @throws LabNotBuilt when this host refuses one of them
 */
export async function hold(name: string, rooms: Rooms, environment: Record<string, string>): Promise<number> {
  const own = ["etc", "lib", "log"].map((folder) => join(rooms.run, folder));
  for (const folder of [...Object.values(folders), runtime, rooms.cache, ...own]) {
    await mkdir(folder, { recursive: true });
  }
  await writeUsers(rooms.run);
  const holder = spawn(
    "unshare",
    [
      "--net",
      "--mount",
      "--propagation",
      "private",
      "--",
      "sh",
      "-c",
      script,
      name,
      rooms.run,
      rooms.cache,
      rooms.sockets,
    ],
    { detached: true, stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...environment } },
  );
  let said = "";
  holder.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ready = await new Promise<boolean>((resolve, reject) => {
    holder.once("error", reject);
    holder.stdout.once("data", () => {
      resolve(true);
    });
    holder.once("close", () => {
      resolve(false);
    });
  });
  if (!ready || holder.pid === undefined) {
    throw new LabNotBuilt({ message: `namespace ${name} cannot be made`, details: tail(said, 5) });
  }
  try {
    await demand(["ip", "netns", "attach", name, String(holder.pid)], { within: budget.libvirt });
    holder.stdin.write("go\n");
  } finally {
    holder.stdin.end();
    holder.stdout.destroy();
    holder.stderr.destroy();
    holder.unref();
  }
  return holder.pid;
}
