import { execa } from "execa";
import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { budget } from "../../harness/budgets.ts";
import { BadConfiguration } from "../../harness/errors.ts";
import { copyFile } from "../../harness/files.ts";
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

/** The programs a folder of real daemons may hold; what is missing stays a stand-in or Debian's. */
const daemonNames = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
  "flanneld",
];

/**
 * The real daemons in `folder`. `origin` says where they come from; the default is the folder's name.
 * @throws BadConfiguration where the folder cannot be read or holds none of them
 */
export async function daemonsIn(
  folder: string,
  signal: AbortSignal,
  origin = `--daemons ${basename(resolve(folder))}`,
): Promise<Daemons> {
  const files = await readdir(folder).catch((cause: unknown) => {
    throw new BadConfiguration({
      message: `daemons: expected a folder, saw no readable one at ${folder}`,
      cause,
    });
  });
  const present = daemonNames.filter((name) => files.includes(name));
  if (present.length === 0) {
    throw new BadConfiguration({
      message: `daemons: expected at least one real daemon in ${folder}, saw none`,
      hint: `name the files ${daemonNames.join(", ")}`,
    });
  }
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
  const result = await execa(file, args, {
    reject: false,
    timeout: budget.command,
    stdin: "ignore",
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  return /\bv?\d+\.\d+\.\d+[\w.+-]*/.exec(`${result.stdout}\n${result.stderr}`)?.[0] ?? "unknown";
}
