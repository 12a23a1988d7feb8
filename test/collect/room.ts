import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Machine, Ran } from "../../harness/machines/machine.ts";

const furnish = `set -eu
mkdir "$1/upper" "$1/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/upper,workdir=$1/work" /etc
ip link set lo up
echo ready
exec sleep infinity`;

/** This host's programs as a machine, with a network and an /etc of its own: nothing on it is a stand-in. */
export class Room implements Machine, AsyncDisposable {
  readonly name = "master";
  readonly role = "master";
  readonly address = "127.0.0.1";
  readonly #folder: string;
  readonly #holder: ChildProcess;
  readonly #started: ChildProcess[] = [];

  private constructor(folder: string, holder: ChildProcess) {
    this.#folder = folder;
    this.#holder = holder;
  }

  static async open(): Promise<Room> {
    const folder = await mkdtemp(join(tmpdir(), "hardway-room-"));
    const unshare = ["unshare", "--mount", "--net", "--propagation", "private"];
    const args = ["--pdeathsig", "KILL", ...unshare, "sh", "-c", furnish, "sh", folder];
    const holder = spawn("setpriv", args, { stdio: ["ignore", "pipe", "inherit"] });
    const [first] = (await Promise.race([once(holder.stdout, "data"), once(holder, "exit")])) as [unknown];
    if (String(first) !== "ready\n") throw new Error("expected namespaces with an overlay, saw none");
    return new Room(folder, holder);
  }

  async run(script: string): Promise<Ran> {
    const began = performance.now();
    const program = spawn("nsenter", this.#inside(["sh", "-s"]));
    program.stdin.end(script);
    const [stdout, stderr, [code]] = (await Promise.all([
      text(program.stdout),
      text(program.stderr),
      once(program, "close"),
    ])) as [string, string, [number | null]];
    return { stdout, stderr, code: code ?? 255, ms: performance.now() - began };
  }

  /** Starts a daemon that ends with the room. */
  start(command: string[]): void {
    const argv = this.#inside(["setpriv", "--pdeathsig", "KILL", ...command]);
    this.#started.push(spawn("nsenter", argv, { stdio: "ignore" }));
  }

  /** A path only this room's daemons need. */
  place = (name: string): string => join(this.#folder, name);

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = [...this.#started, this.#holder].map(async (child) => {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    });
    await Promise.all(ended);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #inside = (command: string[]): string[] => ["-t", String(this.#holder.pid), "-m", "-n", ...command];
}
