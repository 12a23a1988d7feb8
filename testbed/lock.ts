import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { LabNotBuilt } from "../harness/errors.ts";

type Holder = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Does `work` while no other process does it under the same lock file. The kernel lets go of the lock when this
 * process ends, however it ends.
 * @param waiting called when somebody else is at it
 */
export async function alone<T>(
  file: string,
  { waiting, signal }: { waiting: () => void; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  let holder = await take(file, ["--nonblock"], signal);
  if (holder === undefined) {
    waiting();
    holder = await take(file, [], signal);
  }
  if (holder === undefined) throw new LabNotBuilt(`expected to lock ${file}, saw flock fail`);
  try {
    return await work();
  } finally {
    holder.stdin.end();
  }
}

/** A process that has the lock until its standard input ends; none when flock gives up. */
async function take(file: string, how: string[], signal: AbortSignal): Promise<Holder | undefined> {
  signal.throwIfAborted();
  const holder = spawn("flock", [...how, file, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const abort = () => holder.kill();
  signal.addEventListener("abort", abort);
  try {
    const [word] = (await Promise.race([once(holder.stdout, "data"), once(holder, "exit")])) as unknown[];
    signal.throwIfAborted();
    return word instanceof Buffer ? holder : undefined;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
