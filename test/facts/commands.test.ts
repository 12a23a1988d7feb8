import { execa } from "execa";
import { expect } from "chai";
import { createHash } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { Fact } from "../../harness/facts/fact.ts";
import { file } from "../../harness/facts/file.ts";
import { live, read } from "../../harness/facts/observe.ts";
import { addressesOf } from "../../harness/facts/resolution.ts";
import { sysctl } from "../../harness/facts/sysctl.ts";
import { clock } from "../../harness/facts/system.ts";
import { unitFiles } from "../../harness/facts/unit-files.ts";
import { unitProcess } from "../../harness/facts/unit-process.ts";
import { localMachine } from "./local-machine.ts";
import { parsed } from "./parsers.ts";

const signal = new AbortController().signal;

/** A fact of this host, asked by the shell that machines have. */
async function here<T, A extends readonly string[]>(fact: Fact<T, A>, ...args: A): Promise<T> {
  const [seen] = await live(localMachine("sh"), () => undefined).observe([fact.ask(...args)], signal);
  if (seen === undefined) throw new Error("expected an observation");
  return read(fact.parse, seen);
}

describe("facts, asked of this host", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-facts-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("tell a file by its sum, mode and owner, and one that is not there", async () => {
    const path = join(folder, "it's a file");
    await writeFile(path, "text\n");
    await chmod(path, 0o640);
    const { sha256, mode, owner } = (await here(file, path)) ?? {};
    expect(sha256).to.equal(createHash("sha256").update("text\n").digest("hex"));
    expect(mode).to.equal("640");
    expect(owner).to.equal((await execa("id", ["-un"])).stdout);
    expect(await here(file, join(folder, "none"))).to.equal(undefined);
    expect(await here(file, folder)).to.equal(undefined);
  });

  it("tell a kernel setting, and one that the kernel has not", async () => {
    const known = await readFile("/proc/sys/net/ipv4/ip_forward", "utf8");
    expect(await here(sysctl, "net.ipv4.ip_forward")).to.equal(known.trim());
    expect(await here(sysctl, "net.ipv4.no_such_setting")).to.equal(undefined);
  });

  it("tell what a name stands for", async () => {
    expect(await here(addressesOf, "localhost")).to.deep.equal(["127.0.0.1"]);
    expect(await here(addressesOf, `no-such-${hostname()}.invalid`)).to.deep.equal([]);
  });

  it("tell that this host's clock is the host's", async () => {
    expect(Math.abs(await here(clock))).to.be.lessThan(60);
  });

  /** What a fact's command prints where `systemctl` is a program of ours. */
  async function withSystemctl(command: string, shown: string): Promise<string> {
    const program = join(folder, "systemctl");
    await writeFile(program, `#!/bin/sh\ncat <<'END'\n${shown}\nEND\n`);
    await chmod(program, 0o755);
    const { stdout } = await execa("sh", ["-c", command], {
      env: { PATH: `${folder}:/usr/bin:/bin` },
      stripFinalNewline: false,
    });
    return stdout;
  }

  it("tell what a unit's process was started with, and no secret of its environment", async () => {
    const given = ["--note=two words", "", "line\nline"];
    const child = execa("sh", ["-c", "read -r _", "a program", ...given], {
      env: { KUBE_ARGS: "--v=0", API_TOKEN: "hush", ETCD_KEY_FILE: "/etc/key", MY_PASSWORD: "hush" },
      extendEnv: false,
    });
    try {
      const { command } = unitProcess.ask("kubelet");
      const shown = `MainPID=${child.pid ?? 0}\nExecMainPID=${child.pid ?? 0}`;
      // The process is `node` until the program is in its place.
      let seen = parsed(unitProcess, await withSystemctl(command, shown), "kubelet");
      for (let tries = 0; seen?.args[1] !== "-c" && tries < 100; tries += 1)
        seen = parsed(unitProcess, await withSystemctl(command, shown), "kubelet");
      expect(seen?.running).to.equal(true);
      expect(seen?.args).to.deep.equal(["sh", "-c", "read -r _", "a program", ...given]);
      expect(seen?.environment).to.deep.equal({ KUBE_ARGS: "--v=0", ETCD_KEY_FILE: "/etc/key" });
    } finally {
      child.stdin.end();
      await child.catch(() => undefined);
    }
  });

  it("tell a unit's files with their texts", async () => {
    const [own, dropIn] = [join(folder, "a.service"), join(folder, "b.conf")];
    await writeFile(own, "[Unit]\nDescription=A\n");
    await writeFile(dropIn, "[Service]");
    const shown = `ExecStart={ path=/bin/a ; argv[]=/bin/a $B ; ignore_errors=no ; }\nFragmentPath=${own}\nDropInPaths=${dropIn}\nNeedDaemonReload=yes`;
    const seen = parsed(unitFiles, await withSystemctl(unitFiles.ask("a").command, shown), "a");
    expect(seen).to.deep.equal({
      fragment: own,
      dropIns: [dropIn],
      environmentFiles: [],
      execStart: "/bin/a $B",
      outdated: true,
      texts: { [own]: "[Unit]\nDescription=A\n", [dropIn]: "[Service]" },
    });
  });
});
