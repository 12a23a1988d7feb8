import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { LabNotBuilt } from "../errors.ts";
import { poll } from "./poll.ts";

/**
 * Does something that only one run on this host may do at a time, whatever HARDWAY_HOME and user it has. The lock is
 * a name in the kernel's abstract socket namespace: it belongs to the same network namespace as the bridges it guards,
 * and ends with this process, however that ends, while children that outlive it do not hold it.
 * @throws LabNotBuilt when others take longer than `within` milliseconds; the signal's reason when it was cancelled
 */
export async function aloneOnHost<T>(
  what: string,
  { within, signal }: { within: number; signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const name = `\0hardway-e2e/${what}`;
  const lock = await poll(() => listenAt(name), {
    within,
    every: 200,
    ...(signal === undefined ? {} : { signal }),
  });
  if (lock === undefined) {
    throw new LabNotBuilt({
      message: `another run on this host has been making its ${what} for ${within / 1000} s`,
      hint: "ss -lxp | grep hardway-e2e shows which process",
    });
  }
  try {
    return await work();
  } finally {
    lock.close();
    await once(lock, "close");
  }
}

/** A server that listens at a name; undefined where another has it. */
async function listenAt(name: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(name);
    await once(server, "listening");
    return server;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return undefined;
    throw error;
  }
}
