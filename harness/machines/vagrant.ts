import { spawn } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { openNew, rm, writeFile } from "../files.ts";
import { home } from "../paths.ts";
import { ownRoom } from "../places.ts";
import type { VerifiedBox } from "./box.ts";
import { tail } from "./command.ts";
import { whileLocked } from "./lock.ts";

/** VAGRANT_HOME: private, so that nothing of the user's own Vagrant matters or changes. */
const vagrantHome = join(home, "vagrant");

/** The key every box lets in, which Vagrant writes there; lab machines are closed in and short-lived, so it stays. */
export const insecureKey = join(vagrantHome, "insecure_private_key");

interface VagrantOptions {
  /** The folder with the Vagrantfile. */
  folder: string;
  /** Gets what Vagrant says. */
  log: string;
  signal: AbortSignal;
  within: number;
  env?: Record<string, string>;
  /** What ends it: SIGINT, on which it removes what it made within 30 s, or SIGKILL where that goes anyway. */
  stop?: "SIGINT" | "SIGKILL";
}

/**
 * Runs Vagrant to its end, in a process group of its own: Ctrl-C in the terminal reaches only the harness, which
 * passes it on as one SIGINT, for on SIGTERM Vagrant leaves everything as it is (facts/vagrant-libvirt.md §6). It
 * writes into a file, not a pipe, so that it does not fail when the harness ends before it.
 * @throws LabNotBuilt with the end of what it said; the signal's reason when it was cancelled
 */
async function vagrant(args: string[], options: VagrantOptions): Promise<void> {
  const { folder, log, signal, within, env, stop = "SIGINT" } = options;
  signal.throwIfAborted();
  const output = await openNew(log);
  const running = spawn("vagrant", [...args, "--no-color"], {
    cwd: folder,
    env: { ...process.env, ...env, ...environment, VAGRANT_CWD: folder },
    stdio: ["ignore", output.fd, output.fd],
    detached: true,
  });
  const interrupt = () => {
    signalGroup(running.pid, stop);
    timers.push(setTimeout(signalGroup, budget.interrupt, running.pid, "SIGKILL"));
  };
  const timers = [setTimeout(interrupt, within)];
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    const end = await new Promise<string>((resolve, reject) => {
      running.once("error", reject);
      running.once("exit", (code, name) => {
        resolve(code === null ? `ended by ${String(name)}` : `exit code ${code}`);
      });
    });
    signal.throwIfAborted();
    if (end === "exit code 0") return;
    const said = stripVTControlCharacters(await readFile(log, "utf8")).replaceAll("\r", "\n");
    throw new LabNotBuilt({ message: `vagrant ${args[0] ?? ""}: ${end}`, details: tail(said, 12) });
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener("abort", interrupt);
    await output.close();
  }
}

const environment = {
  VAGRANT_HOME: vagrantHome,
  VAGRANT_CHECKPOINT_DISABLE: "1",
  LC_ALL: "C.UTF-8",
};

interface UpOptions {
  folder: string;
  signal: AbortSignal;
  /** Marks the processes as the run's. */
  env: Record<string, string>;
  stop: "SIGINT" | "SIGKILL";
}

/**
 * Brings up the machines of the Vagrantfile in a folder, side by side; vagrant.log there is what Vagrant says.
 * @throws LabNotBuilt with the end of what Vagrant said; the signal's reason when it was cancelled
 */
export async function vagrantUp(given: UpOptions): Promise<void> {
  await healIndex();
  const options = { ...given, log: join(given.folder, "vagrant.log"), within: budget.boot };
  await vagrant(["up", "--provider=libvirt", "--no-provision", "--parallel"], options);
}

/** Vagrant's list of all machines, which nobody needs here: it refuses to start over one it was killed while writing. */
async function healIndex(): Promise<void> {
  const index = join(vagrantHome, "data", "machine-index", "index");
  try {
    JSON.parse(await readFile(index, "utf8"));
  } catch {
    await rm(index, { force: true });
  }
}

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
  say(`unpacking the box ${name} ${box.version}`);
  await ownRoom("vagrant");
  await whileLocked(join(vagrantHome, "adding.lock"), { within: budget.box, signal }, async () => {
    if (await exists(image)) return;
    // What a killed `box add` was unpacking.
    await rm(join(vagrantHome, "tmp"), { recursive: true, force: true });
    const metadata = join(vagrantHome, "adding.json");
    const provider = { name: "libvirt", url: pathToFileURL(box.file).href };
    await writeFile(
      metadata,
      JSON.stringify({ name, versions: [{ version: box.version, providers: [provider] }] }),
    );
    const options = { folder: vagrantHome, log: join(vagrantHome, "adding.log"), signal, within: budget.box };
    await vagrant(
      ["box", "add", metadata, "--box-version", box.version, "--provider=libvirt", "--force"],
      options,
    );
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
