import { readFile } from "node:fs/promises";
import { Client, type ClientChannel } from "ssh2";
import { budget } from "../budgets.ts";

/** Where a machine's SSH is and who we are there. */
export interface Target {
  host: string;
  port: number;
  username: string;
  /** The files of the private keys to offer; those that are not there are left out. */
  keys: string[];
}

/**
 * Opens an SSH connection. The host's key is not checked: the machine was made a moment ago, on a network of its
 * own. Nagle's algorithm is off: with it, every command waits 40 ms.
 * @throws Error saying why there is none yet
 */
export async function connect(target: Target, signal?: AbortSignal): Promise<Client> {
  signal?.throwIfAborted();
  const privateKey = await firstKey(target.keys);
  const client = new Client();
  const settled = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      const cancel = () => {
        if (signal !== undefined) reject(reason(signal));
      };
      signal?.addEventListener("abort", cancel, { signal: settled.signal });
      client.once("ready", resolve);
      client.once("error", reject);
      client.once("close", () => {
        reject(new Error("the connection was closed before it was ready"));
      });
      client.connect({
        host: target.host,
        port: target.port,
        username: target.username,
        privateKey,
        readyTimeout: budget.handshake,
        // An emulated processor has no AES instructions: with AES, 6 times as slow.
        algorithms: { cipher: ["chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes128-ctr"] },
        keepaliveInterval: 15_000,
        keepaliveCountMax: 4,
      });
    });
  } catch (error) {
    client.destroy();
    throw error;
  } finally {
    settled.abort();
  }
  client.setNoDelay(true);
  return client;
}

/** Opens a channel with a command. @throws Error, with a `reason` where the machine refused the channel */
export const openChannel = (client: Client, command: string): Promise<ClientChannel> =>
  new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error === undefined) resolve(channel);
      else reject(error);
    });
  });

/** Whether the machine refused a channel, as sshd does with more than its MaxSessions at once. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && /channel open failure/i.test(error.message);

async function firstKey(files: string[]): Promise<Buffer> {
  for (const file of files) {
    const key = await readFile(file).catch(() => undefined);
    if (key !== undefined) return key;
  }
  throw new Error(`none of the SSH keys is there: ${files.join(", ")}`);
}

/** A signal's reason as an error. */
export const reason = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
