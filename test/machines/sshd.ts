import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Target } from "../../harness/machines/connection.ts";

/** `sudo -n COMMAND…` as root: runs the command. Hosts that run tests need not have sudo. */
const sudo = `#!/bin/sh\n[ "$1" = -n ] || exit 97\nshift\nexec "$@"\n`;

/** A real sshd on loopback, with a key, a port and a host key of its own. */
export class Sshd implements AsyncDisposable {
  readonly folder: string;
  readonly port: number;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  static async start(): Promise<Sshd> {
    const folder = await mkdtemp(join(tmpdir(), "hardway-sshd-"));
    for (const key of ["host", "user"]) {
      await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, key)]);
    }
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin", "sudo"), sudo);
    await chmod(join(folder, "bin", "sudo"), 0o755);
    await writeFile(join(folder, "authorized"), await readFile(join(folder, "user.pub")));
    await mkdir("/run/sshd", { recursive: true });
    const sshd = new Sshd(folder, await freePort());
    await writeFile(join(folder, "config"), sshd.#configuration());
    await sshd.up();
    return sshd;
  }

  get target(): Target {
    const keys = [join(this.folder, "missing"), join(this.folder, "user")];
    return { host: "127.0.0.1", port: this.port, username: userInfo().username, keys };
  }

  /** Starts it (again) on its port. */
  async up(): Promise<void> {
    const sshd = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", join(this.folder, "config")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process = sshd;
    let said = "";
    await new Promise<void>((resolve, reject) => {
      sshd.once("exit", () => {
        reject(new Error(`sshd: ${said}`));
      });
      sshd.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes("Server listening on")) resolve();
      });
    });
  }

  /** Ends the listener and every connection, as a machine that is switched off. */
  async down(): Promise<void> {
    const pid = this.#process?.pid;
    if (this.#process === undefined || pid === undefined) return;
    const ended = once(this.#process, "exit");
    const { stdout } = await execa("pgrep", ["-P", String(pid)], { reject: false });
    for (const child of stdout.split("\n").filter(Boolean)) process.kill(Number(child), "SIGKILL");
    process.kill(pid, "SIGKILL");
    await ended;
    this.#process = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    await rm(this.folder, { recursive: true, force: true });
  }

  #configuration(): string {
    return `ListenAddress 127.0.0.1:${this.port}
HostKey ${join(this.folder, "host")}
AuthorizedKeysFile ${join(this.folder, "authorized")}
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
SetEnv PATH=${join(this.folder, "bin")}:/usr/local/bin:/usr/bin:/bin
`;
  }
}

/** A port nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
