import { writeFileSync } from "node:fs";

let name = "";

/**
 * Takes a daemon's name, by which ss and ps know the process. `process.title` would overwrite the command line, which
 * tells what the daemon was started with.
 */
export function takeName(daemon: string): void {
  name = daemon;
  try {
    writeFileSync("/proc/self/comm", daemon);
  } catch {
    // Without a name it works as well.
  }
}

/** The daemon's name. */
export const ownName = (): string => name;
