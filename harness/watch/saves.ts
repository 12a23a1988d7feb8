import { watch, type FSWatcher } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** How long it must be quiet, in milliseconds: editors write a file in several steps. */
const quiet = 150;

/**
 * Each time something under a folder was saved, when that was, in milliseconds since 1970. Every folder is watched by
 * itself: Node's recursive watching loses a file that an editor replaces by another of its name.
 * @throws the signal's reason
 */
export async function* saves(folder: string, signal: AbortSignal): AsyncGenerator<number> {
  const watchers = new Map<string, FSWatcher>();
  let savedAt: number | undefined;
  let wake = (): void => undefined;
  const noted = () => {
    savedAt = Date.now();
    wake();
  };
  const cover = async () => {
    for (const each of await foldersIn(folder)) {
      if (!watchers.has(each))
        watchers.set(
          each,
          watch(each, noted).on("error", () => undefined),
        );
    }
  };
  signal.addEventListener("abort", () => {
    wake();
  });
  try {
    await cover();
    for (;;) {
      const last = savedAt;
      if (last === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else if (Date.now() - last < quiet) await pause(quiet, undefined, { signal });
      else {
        savedAt = undefined;
        await cover();
        yield last;
      }
      signal.throwIfAborted();
    }
  } finally {
    for (const watcher of watchers.values()) watcher.close();
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const below = entries.filter((entry) => entry.isDirectory());
  return [folder, ...below.map((entry) => join(entry.parentPath, entry.name))];
}
