import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { budget } from "../../harness/budgets.ts";
import { ask, demand } from "../../harness/machines/command.ts";
import { isAlive, processId } from "../../harness/machines/process.ts";
import { poll } from "../../harness/machines/poll.ts";
import type { Libvirt } from "../../harness/machines/virsh.ts";
import { runtime } from "../../harness/world/holder.ts";
import { startNamespace } from "../../harness/world/world.ts";

/** No label of ours: what carries one belongs to a run. The number is that of the test's process. */
const pattern = /^hwhost-(\d+)-[0-9a-f]{6}$/;

/**
 * A namespace that plays a host with a libvirt of its own: started as a run's is, but with no label, with the sockets
 * where a host has them, and with no storage pool. Nothing in it can reach the real host's networks, nor they it.
 */
export class PlayedHost implements AsyncDisposable {
  readonly name: string;
  /** A folder outside, which the test may use, too. */
  readonly folder: string;
  /** Its libvirt, as reached from outside: through its own file system, which the kernel shows below /proc. */
  readonly libvirt: Libvirt;
  /** The command line that runs a command on it. */
  readonly enter: (argv: readonly string[]) => [string, ...string[]];

  private constructor(name: string, folder: string, started: Awaited<ReturnType<typeof startNamespace>>) {
    this.name = name;
    this.folder = folder;
    this.libvirt = { uri: started.libvirtUri.replace("socket=", `socket=/proc/${started.holderPid}/root`) };
    this.enter = started.enter;
  }

  static async start(): Promise<PlayedHost> {
    for (const name of await readdir("/run/netns").catch(() => [])) {
      const pid = pattern.exec(name)?.[1];
      if (pid !== undefined && processId(Number(pid)) === undefined) await end(name);
    }
    const name = `hwhost-${process.pid}-${randomBytes(3).toString("hex")}`;
    const folder = await mkdtemp(join(tmpdir(), "hwh-"));
    const rooms = { run: join(folder, "host"), cache: join(folder, "libvirt-cache"), sockets: runtime };
    try {
      return new PlayedHost(name, folder, await startNamespace(name, rooms, {}));
    } catch (error) {
      await end(name);
      throw error;
    }
  }

  /** Runs a command on it that must succeed. @returns its standard output */
  run(...argv: string[]): Promise<string> {
    return demand(this.enter(argv), { within: budget.libvirt });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.name);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Ends every process in a network namespace, then its name; with its processes end its mounts. */
async function end(name: string): Promise<void> {
  const options = { within: budget.libvirt };
  await poll(
    async () => {
      const { stdout } = await ask(["ip", "netns", "pids", name], options);
      const living = stdout.split("\n").flatMap((pid) => processId(Number(pid)) ?? []);
      for (const id of living) if (isAlive(id)) process.kill(id.pid, "SIGKILL");
      return living.length === 0 ? true : undefined;
    },
    { within: budget.ending, every: 100 },
  );
  await ask(["ip", "netns", "delete", name], options);
}
