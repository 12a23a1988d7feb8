import { execa } from "execa";
import { copyFile, readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { budget } from "../../harness/budgets.ts";
import { BadConfiguration } from "../../harness/errors.ts";
import { daemonNames, daemonsTrouble } from "../../harness/lab/daemons.ts";
import type { Part } from "../../harness/lab/hooks.ts";
import { sha256Of } from "./sha256.ts";

/** A real daemon that takes a stand-in's place. */
interface Daemon {
  /** Changes whenever the file does. */
  identity: string;
  /** Puts the program at `path` and answers what it is. */
  put: (path: string) => Promise<Part>;
}

/** The real daemons a lab was given, by name. */
export type Daemons = Map<string, Daemon>;

/**
 * The real daemons in `folder`. `origin` says where they come from; the default is the folder's name.
 * @throws BadConfiguration where the folder cannot be read or holds none of them
 */
export async function daemonsIn(
  folder: string,
  signal: AbortSignal,
  origin = `--daemons ${basename(resolve(folder))}`,
): Promise<Daemons> {
  const trouble = await daemonsTrouble(folder);
  if (trouble !== undefined) {
    throw new BadConfiguration({
      message: `daemons: expected ${trouble.expected}, saw ${trouble.saw}`,
      hint: trouble.hint,
    });
  }
  const files = await readdir(folder);
  const present = daemonNames.filter((name) => files.includes(name));
  return new Map(await Promise.all(present.map(async (name) => [name, await daemon(name)] as const)));

  async function daemon(name: string): Promise<Daemon> {
    const file = join(folder, name);
    const { size, mtimeMs, ino } = await stat(file);
    return {
      identity: `real ${file} ${size} ${mtimeMs} ${ino}`,
      put: async (path) => {
        await copyFile(file, path);
        const [sha256, version] = await Promise.all([sha256Of(path), versionOf(name, file, signal)]);
        return { name, kind: "real", version, origin, sha256 };
      },
    };
  }
}

/** What a real daemon says its version is: "v1.5.2"; "unknown" where this host cannot run it. */
async function versionOf(name: string, file: string, signal: AbortSignal): Promise<string> {
  const args = name === "kubectl" ? ["version", "--client"] : ["--version"];
  const program = execa(file, args, { reject: false, stdin: "ignore", detached: true });
  // What it may have started goes with it: it would hold what it says open for ever.
  const end = () => {
    endGroup(program.pid);
  };
  program.once("exit", end);
  const timer = setTimeout(end, budget.command);
  signal.addEventListener("abort", end, { once: true });
  const result = await program.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  });
  signal.throwIfAborted();
  return /\bv?\d+\.\d+\.\d+[\w.+-]*/.exec(`${result.stdout}\n${result.stderr}`)?.[0] ?? "unknown";
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // nobody is left in it
  }
}
