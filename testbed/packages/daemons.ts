import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { BadConfiguration } from "../../harness/errors.ts";
import { copyFile } from "../../harness/files.ts";
import { askVersion, daemonNames, daemonsTrouble } from "../../harness/lab/daemons.ts";
import type { Part } from "../../harness/lab/hooks.ts";
import { goVersionOf } from "./go-version.ts";
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

/** The Go that built the releases that these packages are named after, as their programs say it. */
const releasedWith: Record<string, string> = { "1.5.2": "1.7.4", "3.3.11": "1.10.7", "1.13.1": "1.7.5" };

/**
 * The real daemons in `folder`.
 * @param released where they were downloaded from, for those that were verified to be their project's own release
 * @throws BadConfiguration where the folder cannot be read, holds none of them, or something else by such a name
 */
export async function daemonsIn(folder: string, signal: AbortSignal, released?: string): Promise<Daemons> {
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
        const [sha256, { version = "unknown", output }, builtIn] = await Promise.all([
          sha256Of(path),
          askVersion(name, file, signal),
          goVersionOf(path),
        ]);
        // A program that is older than what Go 1.18 writes into it may still say it in words, as etcd does.
        const go = builtIn ?? /\bgo version: go(\d+\.\d+(?:\.\d+)?)/i.exec(output)?.[1];
        const origin =
          released === undefined ? howBuilt(version, go, basename(resolve(folder))) : `released: ${released}`;
        return { name, kind: "real", version, origin, sha256 };
      },
    };
  }
}

/** How a program that somebody put into a folder was had, as far as it says: "built from the 1.5.2 source with Go 1.19.8". */
function howBuilt(version: string, go: string | undefined, folder: string): string {
  const given = `--daemons ${folder}`;
  if (go === undefined) return given;
  const plain = version.replace(/^v/, "");
  if (releasedWith[plain] === go) return `built with Go ${go}, as the release is; ${given}`;
  return plain === "unknown"
    ? `built with Go ${go}; ${given}`
    : `built from the ${plain} source with Go ${go}; ${given}`;
}
