import { build } from "esbuild";
import { execa } from "execa";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { project } from "../../harness/paths.ts";

const patience = 10_000;
const pollPause = 40;

/** A daemon under test. */
export class Daemon {
  readonly #process: ChildProcess;
  readonly #exit: Promise<number | null>;
  #output = "";

  constructor(command: string, args: string[]) {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
    }
    this.#process = child;
    this.#exit = once(child, "exit").then(([code]) => code as number | null);
  }

  get output(): string {
    return this.#output;
  }

  /** Waits until its log has the text, this many times. */
  says(text: string, times = 1): Promise<void> {
    return eventually(`the log has ${times} times: ${text}`, () => {
      if (this.#output.split(text).length <= times) throw new Error(this.#output);
    });
  }

  /** Its exit code, once it has ended by itself. */
  ends(): Promise<number | null> {
    return this.#exit;
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    this.#process.kill(signal);
    await this.#exit;
  }
}

/**
 * Network namespaces joined by one wire, and the stand-ins in them, bundled as in the lab's packages. Needs root. All
 * is gone after `dispose`.
 */
export class Bench {
  readonly folder: string;
  readonly #bundles = new Map<string, Promise<string>>();
  readonly #namespaces: string[] = [];
  readonly #daemons: Daemon[] = [];

  constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Bench> {
    return new Bench(await mkdtemp(join(tmpdir(), "hardway-bench-")));
  }

  /** A new namespace with loopback up. */
  async namespace(): Promise<string> {
    const name = `hardway-bench-${process.pid}-${this.#namespaces.length}`;
    await tool("ip", ["netns", "add", name]);
    this.#namespaces.push(name);
    await tool("ip", ["-n", name, "link", "set", "lo", "up"]);
    return name;
  }

  /** Joins two namespaces: eth1 in each, with these addresses and a default route. */
  async wire(one: string, oneAddress: string, other: string, otherAddress: string): Promise<void> {
    await tool("ip", [
      "-n",
      one,
      "link",
      "add",
      "eth1",
      "type",
      "veth",
      "peer",
      "name",
      "eth1",
      "netns",
      other,
    ]);
    for (const [name, address] of [
      [one, oneAddress],
      [other, otherAddress],
    ] as const) {
      const lines = [`address add ${address} dev eth1`, "link set eth1 up", "route add default dev eth1"];
      await tool("ip", ["-n", name, "-batch", "-"], `${lines.join("\n")}\n`);
    }
  }

  /** Runs a command in a namespace to its end. */
  async run(namespace: string, command: string, ...args: string[]): Promise<string> {
    return (await tool("ip", ["netns", "exec", namespace, command, ...args])).stdout;
  }

  /** What a URL answers when asked from the namespace, whatever its status; throws where nothing answers. */
  async ask(namespace: string, url: string, method = "GET", body?: object): Promise<string> {
    const script = `
      const [url, method, type, body] = process.argv.slice(1);
      const options = { method, headers: { "Content-Type": type }, rejectUnauthorized: false, timeout: 2000 };
      const request = require(url.split(":")[0]).request(url, options, (answer) => answer.pipe(process.stdout));
      request.on("timeout", () => request.destroy(new Error("no answer")));
      request.on("error", ({ message }) => { console.error(message); process.exit(1); });
      request.end(body);`;
    const type = body instanceof URLSearchParams ? "application/x-www-form-urlencoded" : "application/json";
    const text = body instanceof URLSearchParams ? body.toString() : JSON.stringify(body);
    const args = ["-e", script, url, method, type, ...(body === undefined ? [] : [text])];
    return this.run(namespace, process.execPath, ...args);
  }

  /** Starts a stand-in, or etcd, in a namespace. */
  async start(namespace: string, name: string, args: string[]): Promise<Daemon> {
    const command = name === "etcd" ? ["etcd"] : [process.execPath, await this.#bundle(name)];
    const daemon = new Daemon("ip", ["netns", "exec", namespace, ...command, ...args]);
    this.#daemons.push(daemon);
    return daemon;
  }

  /** etcd with the v2 API on port 2379 of every address of the namespace. */
  async etcd(namespace: string): Promise<void> {
    const urls = [
      "--listen-client-urls",
      "http://0.0.0.0:2379",
      "--advertise-client-urls",
      "http://127.0.0.1:2379",
    ];
    const peers = ["--listen-peer-urls", "http://127.0.0.1:2380"];
    await this.start(namespace, "etcd", [
      "--enable-v2",
      "--data-dir",
      join(this.folder, "etcd"),
      ...urls,
      ...peers,
    ]);
    await eventually("etcd answers", () => this.ask(namespace, "http://127.0.0.1:2379/health"));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.stop("SIGKILL")));
    for (const name of this.#namespaces) {
      const pids = (await tool("ip", ["netns", "pids", name])).stdout.split("\n").filter((pid) => pid !== "");
      for (const pid of pids) process.kill(Number(pid), "SIGKILL");
      await tool("ip", ["netns", "delete", name]);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  #bundle(name: string): Promise<string> {
    const outfile = join(this.folder, `${name}.cjs`);
    const made =
      this.#bundles.get(name) ??
      build({
        entryPoints: [join(project, "testbed/standins", name, "main.ts")],
        bundle: true,
        platform: "node",
        target: "node18",
        format: "cjs",
        outfile,
        logLevel: "silent",
      }).then(() => outfile);
    this.#bundles.set(name, made);
    return made;
  }
}

const tool = (command: string, args: string[], input = "") => execa(command, args, { input });

/** What `look` answers, as soon as it does not throw; its last reason after ten seconds. */
export async function eventually<T>(what: string, look: () => T | Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`${what}, within ${patience} ms`, { cause: error });
    }
    await pause(pollPause);
  }
}
