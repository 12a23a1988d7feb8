import { execa } from "execa";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Machine, Ran, RunOptions } from "../../harness/machines/machine.ts";
import { buildRpms, makeRepository, type RpmKey, signRpms } from "../../harness/rpm/rpm.ts";
import type { ControlledLab } from "../../harness/controls/controls.ts";

// Each script sees the host's own /etc and /var with a layer of the test's over them, in a mount namespace that ends
// with the script: nothing of it reaches the host, and the layer can be looked at afterwards.
const enter = `
set -eu
for top in etc var; do
  mount -t overlay overlay -o "lowerdir=/$top,upperdir=$LAYERS/$top,workdir=$LAYERS/.$top" "/$top"
done
mkdir -p /etc/yum.repos.d /etc/rpm /var/lib/rpm
exec sh -c "$SCRIPT"
`;

/** This host as a machine with yum, a package repository of its own and a key that it trusts. */
export class YumHost implements Machine {
  readonly name = "host";
  readonly role = "worker";
  readonly address = "127.0.0.1";
  readonly folder: string;
  /** What scripts changed below /etc and /var. */
  readonly layers: string;
  /** For temporary files of this host, apart from everybody else's. */
  readonly temporary: string;
  private readonly signal = new AbortController().signal;

  private constructor(folder: string) {
    this.folder = folder;
    this.layers = join(folder, "layers");
    this.temporary = join(folder, "tmp");
  }

  static async start(): Promise<YumHost> {
    const host = new YumHost(await mkdtemp(join(tmpdir(), "hardway-yum-")));
    for (const name of ["layers/etc", "layers/.etc", "layers/var", "layers/.var", "bin", "tmp"]) {
      await mkdir(join(host.folder, name), { recursive: true });
    }
    await host.useYum("");
    await host.publish();
    return host;
  }

  /** Lets `yum` on this host be dnf, always with `options`. */
  async useYum(options: string) {
    await writeFile(join(this.folder, "bin", "yum"), `#!/bin/sh\nexec dnf-3 ${options} "$@"\n`, {
      mode: 0o755,
    });
  }

  /** The lab file's values that the controls look at. */
  get lab(): ControlledLab {
    const path = join(this.folder, "KEY");
    return {
      control: { package: "genuine" },
      keys: [{ id: "lab", fingerprint: "prepared", path, url: `file://${path}` }],
      repositories: [{ id: "lab", baseurl: [], key: "lab", signedMetadata: false }],
    };
  }

  async run(script: string, { input, signal }: RunOptions = {}): Promise<Ran> {
    const env = {
      LAYERS: this.layers,
      SCRIPT: script,
      PATH: `${join(this.folder, "bin")}:/usr/sbin:/usr/bin:/sbin:/bin`,
    };
    const result = await execa("unshare", ["--mount", "--propagation", "private", "sh", "-c", enter], {
      env,
      reject: false,
      stripFinalNewline: false,
      cancelSignal: signal ?? this.signal,
      ...(input === undefined || typeof input === "string" || Buffer.isBuffer(input)
        ? { input: input ?? "" }
        : { input: Readable.from(input) }),
    });
    return {
      stdout: result.stdout,
      stderr: result.stderr,
      code: result.exitCode ?? 255,
      ms: result.durationMs,
    };
  }

  async [Symbol.asyncDispose]() {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A repository of one signed package, and its key imported, as provisioning leaves a machine. */
  private async publish() {
    const key = await this.makeKey();
    const spec = join(this.folder, "genuine.spec");
    await writeFile(spec, genuine);
    const work = join(this.folder, "work");
    await mkdir(work);
    const files = await buildRpms(spec, { folder: work, signal: this.signal });
    await signRpms(files, key, this.signal);
    await execa("gpgconf", ["--homedir", key.gnupgHome, "--kill", "gpg-agent"]);
    await makeRepository(join(work, "packages"), this.signal);
    const prepared = await this.run(`
      printf '%%_dbpath /var/lib/rpm\\n' >/etc/rpm/macros.test
      printf '[lab]\\nname=lab\\nbaseurl=file://${work}/packages\\ngpgcheck=1\\ngpgkey=file://${this.folder}/KEY\\n' \\
        >/etc/yum.repos.d/lab.repo
      rpm --import ${this.folder}/KEY`);
    if (prepared.code !== 0) throw new Error(prepared.stderr);
  }

  private async makeKey(): Promise<RpmKey> {
    const gnupgHome = join(this.folder, "gnupg");
    await mkdir(gnupgHome, { mode: 0o700 });
    const gpg = async (...args: string[]) => (await execa("gpg", ["--homedir", gnupgHome, ...args])).stdout;
    await gpg(
      "--batch",
      "--passphrase",
      "",
      "--quick-generate-key",
      "lab@hardway.invalid",
      "rsa2048",
      "sign",
    );
    await writeFile(join(this.folder, "KEY"), await gpg("--armor", "--export"));
    const fingerprint = /^fpr:+(\w+):/m.exec(await gpg("--with-colons", "--list-keys"))?.[1] ?? "";
    return { gnupgHome, fingerprint };
  }
}

const genuine = `
Name: genuine
Version: 1.0
Release: 1
Summary: A small signed package
License: MIT
BuildArch: noarch
AutoReqProv: no
%description
Nothing needs it.
%install
mkdir -p %{buildroot}/usr/share/genuine
head -c 20000 /dev/zero | tr '\\0' x >%{buildroot}/usr/share/genuine/payload
%files
/usr/share/genuine/payload
`;
