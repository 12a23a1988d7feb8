import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { home } from "../paths.ts";
import type { VerifiedBox } from "./box.ts";
import { whileLocked } from "./lock.ts";

/** VAGRANT_HOME: private, so that nothing of the user's own Vagrant matters or changes. */
export const vagrantHome = join(home, "vagrant");

/** The key every box lets in, which Vagrant writes there; lab machines are closed in and short-lived, so it stays. */
export const insecureKey = join(vagrantHome, "insecure_private_key");

interface VagrantOptions {
  /** The folder with the Vagrantfile. */
  folder: string;
  say: (line: string) => void;
  signal: AbortSignal;
  within: number;
  env?: Record<string, string>;
}

/**
 * Runs Vagrant to its end, in a process group of its own: Ctrl-C in the terminal reaches only the harness, which
 * passes it on as one SIGINT, for on SIGTERM Vagrant leaves everything as it is (facts/vagrant-libvirt.md §6).
 * @throws LabNotBuilt with the end of what it said; the signal's reason when it was cancelled
 */
async function vagrant(args: string[], { folder, say, signal, within, env }: VagrantOptions): Promise<void> {
  signal.throwIfAborted();
  const running = execa("vagrant", [...args, "--no-color"], {
    cwd: folder,
    env: {
      ...env,
      VAGRANT_HOME: vagrantHome,
      VAGRANT_CWD: folder,
      VAGRANT_CHECKPOINT_DISABLE: "1",
      LC_ALL: "C.UTF-8",
    },
    stdin: "ignore",
    all: true,
    buffer: false,
    detached: true,
    reject: false,
  });
  const interrupt = () => {
    signalGroup(running.pid, "SIGINT");
    timers.push(
      setTimeout(() => {
        signalGroup(running.pid, "SIGKILL");
      }, budget.interrupt),
    );
  };
  const timers = [setTimeout(interrupt, within)];
  signal.addEventListener("abort", interrupt, { once: true });
  const last: string[] = [];
  try {
    for await (const raw of running.iterable({ from: "all" })) {
      const line = stripVTControlCharacters(raw).split("\r").at(-1)?.trimEnd() ?? "";
      if (line === "") continue;
      last.push(line);
      if (last.length > 12) last.shift();
      say(line);
    }
    const { exitCode, shortMessage } = await running;
    signal.throwIfAborted();
    if (exitCode === 0) return;
    throw new LabNotBuilt({
      message: `vagrant ${args[0] ?? ""} failed: ${exitCode === undefined ? (shortMessage ?? "ended by a signal") : `exit code ${exitCode}`}`,
      details: last,
    });
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener("abort", interrupt);
  }
}

/**
 * Brings up the machines of the Vagrantfile in a folder, side by side.
 * @param env marks the processes as the run's
 * @throws LabNotBuilt with the end of what Vagrant said; the signal's reason when it was cancelled
 */
export const vagrantUp = (options: Omit<VagrantOptions, "within">): Promise<void> =>
  vagrant(["up", "--provider=libvirt", "--no-provision", "--parallel"], { ...options, within: budget.boot });

/** A box as Vagrant knows it once it was added. */
export interface AddedBox {
  name: string;
  version: string;
  /** Its disk image, unpacked. */
  image: string;
}

/**
 * Adds a verified box to Vagrant, once, and removes other versions of it.
 * @throws LabNotBuilt with the end of what Vagrant said
 */
export async function addBox(
  name: string,
  box: VerifiedBox,
  { say, signal }: { say: (line: string) => void; signal: AbortSignal },
): Promise<AddedBox> {
  const versions = join(vagrantHome, "boxes", name.replaceAll("/", "-VAGRANTSLASH-"));
  const image = join(versions, box.version, "libvirt", "box.img");
  const added = { name, version: box.version, image };
  if (await exists(image)) return added;
  await mkdir(vagrantHome, { recursive: true });
  await whileLocked(join(vagrantHome, "adding.lock"), { within: budget.box, signal }, async () => {
    if (await exists(image)) return;
    // What a killed `box add` was unpacking.
    await rm(join(vagrantHome, "tmp"), { recursive: true, force: true });
    const metadata = join(vagrantHome, "adding.json");
    const provider = { name: "libvirt", url: `file://${box.file}` };
    await writeFile(
      metadata,
      JSON.stringify({ name, versions: [{ version: box.version, providers: [provider] }] }),
    );
    const options = { folder: vagrantHome, say, signal, within: budget.box };
    await vagrant(["box", "add", metadata, "--provider=libvirt", "--force"], options);
    for (const version of await readdir(versions)) {
      if (/^\d/.test(version) && version !== box.version)
        await rm(join(versions, version), { recursive: true });
    }
  });
  if (await exists(image)) return added;
  throw new LabNotBuilt(`vagrant box add left no image at ${image}`);
}

/** To the whole group: Vagrant is a wrapper around other processes. */
function signalGroup(pid: number | undefined, name: "SIGINT" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
