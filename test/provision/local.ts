import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Role } from "../../harness/lab/schema.ts";
import type { Machine, Ran, RunOptions } from "../../harness/machines/machine.ts";

/** Overlays keep out of this host what scripts write; the kernel's network settings become plain files. */
const furnish = `set -eu
for folder in /etc /var /usr/local; do
  mkdir -p "$1/upper$folder" "$1/work$folder"
  mount -t overlay overlay -o "lowerdir=$folder,upperdir=$1/upper$folder,workdir=$1/work$folder" "$folder"
done
mount -t tmpfs tmpfs /proc/sys/net
mkdir /proc/sys/net/ipv4
echo 0 >/proc/sys/net/ipv4/ip_forward
cp "$2"/* /usr/local/sbin/
mkdir -p /etc/rpm /etc/yum.repos.d /var/lib/rpm /var/lib/units
echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros
touch /var/lib/packages /var/lib/docker-images
echo ready
exec sleep infinity`;

/** This host as a machine: real shell, files, gpg and rpm, in mount and network namespaces of its own. */
export class LocalMachine implements Machine, AsyncDisposable {
  readonly address = "10.146.47.110";
  readonly name: string;
  readonly role: Role;
  /** Every script that was run here. */
  readonly scripts: string[] = [];
  readonly #folder: string;
  readonly #shared: string;
  readonly #holder: ChildProcess;

  private constructor(name: string, role: Role, folder: string, shared: string, holder: ChildProcess) {
    this.name = name;
    this.role = role;
    this.#folder = folder;
    this.#shared = shared;
    this.#holder = holder;
  }

  /** `shared` is the folder that the machines of a test have in common: its etcd. */
  static async start(
    name = "worker1",
    role: Role = "worker",
    shared = "/nonexistent",
  ): Promise<LocalMachine> {
    const folder = await mkdtemp(join(tmpdir(), "hardway-machine-"));
    const programs = join(import.meta.dirname, "programs");
    // It must not outlive the tests, however they end.
    const args = [
      "--pdeathsig",
      "KILL",
      "unshare",
      "-m",
      "-n",
      "--propagation",
      "private",
      "sh",
      "-c",
      furnish,
      "sh",
      folder,
      programs,
    ];
    const holder = spawn("setpriv", args, { stdio: ["ignore", "pipe", "inherit"] });
    const [first] = (await Promise.race([once(holder.stdout, "data"), once(holder, "exit")])) as [unknown];
    if (String(first) !== "ready\n") throw new Error("expected a mount namespace with overlays, saw none");
    return new LocalMachine(name, role, folder, shared, holder);
  }

  async run(script: string, { input, signal }: RunOptions = {}): Promise<Ran> {
    signal?.throwIfAborted();
    this.scripts.push(script);
    const started = performance.now();
    const program = spawn("nsenter", ["-t", String(this.#holder.pid), "-m", "-n", "sh", "-c", script], {
      env: { SHARED: this.#shared, PATH: "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin" },
      ...(signal !== undefined && { signal }),
    });
    const source =
      typeof input === "object" && "pipe" in input
        ? input
        : Readable.from(input ?? "", { objectMode: false });
    const [stdout, stderr, [code]] = (await Promise.all([
      text(program.stdout),
      text(program.stderr),
      once(program, "close"),
      pipeline(source, program.stdin).catch(() => undefined), // it may end without reading
    ])) as [string, string, [number | null], unknown];
    return { stdout, stderr, code: code ?? 255, ms: performance.now() - started };
  }

  /** A script that must succeed; answers what it printed. */
  async sh(script: string, input = ""): Promise<string> {
    const ran = await this.run(script, { input });
    if (ran.code !== 0) throw new Error(`${script}: exit code ${ran.code}: ${ran.stderr}`);
    return ran.stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#holder.kill("SIGKILL");
    await once(this.#holder, "exit");
    await rm(this.#folder, { recursive: true, force: true });
  }
}
