import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pausing } from "node:timers/promises";
import { build } from "esbuild";

const patience = 10_000;

/** A folder for one test file, and what was started in it. */
export class Workshop {
  readonly folder: string;
  readonly #running: ChildProcess[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Bundles the stand-ins as the packages carry them. */
  static async open(...names: string[]): Promise<Workshop> {
    const folder = await mkdtemp(join(tmpdir(), "hardway-standins-"));
    const shared = { bundle: true, platform: "node", target: "node18", format: "cjs" } as const;
    await Promise.all(
      names.map((name) =>
        build({
          ...shared,
          entryPoints: [`testbed/standins/${name}/main.ts`],
          outfile: join(folder, `${name}.cjs`),
        }),
      ),
    );
    return new Workshop(folder);
  }

  /** Starts a stand-in, or a program by its path. */
  start(name: string, ...args: string[]): Daemon {
    const command = name.startsWith("kube-") ? [process.execPath, join(this.folder, `${name}.cjs`)] : [name];
    const [program = "", ...before] = command;
    const child = spawn(program, [...before, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    this.#running.push(child);
    return new Daemon(child);
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((child) => stop(child)));
    await rm(this.folder, { recursive: true, force: true });
  }
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) resolve();
    child.once("close", () => {
      resolve();
    });
    child.kill("SIGKILL");
  });
}

export class Daemon {
  readonly #child: ChildProcess;
  log = "";
  /** The exit code, once it ended. */
  readonly ended: Promise<number>;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.log += text));
    this.ended = new Promise((resolve, reject) => {
      child.once("close", (code) => {
        resolve(code ?? -1);
      });
      child.once("error", reject);
    });
    // A program that is not there is told by what waits for it.
    this.ended.catch(() => undefined);
  }

  kill(signal: NodeJS.Signals): Promise<number> {
    this.#child.kill(signal);
    return this.ended;
  }
}

/** Ports that nobody has. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Asks until the answer is one; the last error is the answer to a wait in vain. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + patience;
  let last: unknown = "nothing yet";
  while (Date.now() < end) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      last = error;
    }
    await pausing(50);
  }
  throw new Error(`waited ${patience} ms in vain: ${last instanceof Error ? last.message : String(last)}`);
}
