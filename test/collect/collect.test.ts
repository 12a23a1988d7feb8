import { expect } from "chai";
import { execa } from "execa";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect } from "../../harness/collect/collect.ts";
import { readTaken } from "../../harness/collect/taken.ts";
import { topics } from "../../harness/collect/topics.ts";
import { SshMachine } from "../../harness/machines/ssh.ts";
import { Sshd } from "../machines/sshd.ts";
import { Room } from "./room.ts";
import { found, makeSecrets, type Secrets } from "./secrets.ts";

/** Its settings, a key, and an etcd that holds a lease and a secret. */
const furnish = (secrets: Secrets): string => `set -eu
mkdir -p /etc/kubernetes /etc/etcd /etc/sysconfig
cat >/etc/kubernetes/serviceaccount.key <<'END'
${secrets.keys["pkcs1"] ?? ""}END
echo 'KUBE_MASTER="--master=http://127.0.0.1:8080"' >/etc/kubernetes/config
echo 'KUBE_API_ARGS="--token=${secrets.password}"' >/etc/kubernetes/apiserver
echo 'ETCD_LISTEN_CLIENT_URLS="http://127.0.0.1:2379"' >/etc/etcd/etcd.conf
put() { curl -sS --noproxy '*' -o /dev/null -X PUT "http://127.0.0.1:2379/v2/keys$1" --data-urlencode "value=$2"; }
until curl -sS --noproxy '*' http://127.0.0.1:2379/health >/dev/null 2>&1; do sleep 0.1; done
put /atomic.io/network/subnets/10.241.15.0-24 '{"PublicIP":"10.146.47.110"}'
put /registry/pods/default/frontend-1 '{"kind":"Pod","metadata":{"name":"frontend-1"}}'
put /registry/secrets/default/plain 'plain words nobody could tell from others'
put /registry/secrets/default/default-token-x2x4b '{"kind":"Secret","data":{"token":"${secrets.encodedToken}"}}'
`;

describe("diagnostics of a machine", function () {
  this.timeout("60s");
  let folder: string;
  let secrets: Secrets;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-collect-"));
    secrets = await makeSecrets();
  });
  after(() => rm(folder, { recursive: true }));
  const read = (...path: string[]) => readFile(join(folder, "machines", ...path), "utf8");

  it("hold what it tells by this host's own programs, and no secret of it", async () => {
    await using room = await Room.open();
    room.start(["etcd", "--enable-v2", "--data-dir", room.place("etcd"), "--log-level", "error"]);
    const furnished = await room.run(furnish(secrets));
    expect(furnished.stderr).to.equal("");
    expect(await collect([room], folder)).to.deep.equal({ files: Object.keys(topics).length, denied: [] });
    expect(await readdir(join(folder, "machines", "master"))).to.have.members(Object.keys(topics));

    const etcd = await read("master", "etcd.txt");
    expect(etcd).to.include("/atomic.io/network/subnets/10.241.15.0-24").and.include("10.146.47.110");
    expect(etcd).to.include("frontend-1");
    expect(etcd).not.to.include("plain words").and.not.include('default-token-x2x4b\\"');
    expect(await read("master", "flannel.txt")).to.include("10.146.47.110");
    const settings = await read("master", "settings.txt");
    expect(settings).to.include("ETCD_LISTEN_CLIENT_URLS").and.include("serviceaccount.key");
    expect(await read("master", "network.txt")).to.include("LOOPBACK");
    expect(await read("master", "listeners.txt")).to.match(/127\.0\.0\.1:2379/);
    expect(await read("master", "system.txt")).to.match(/PRETTY_NAME=/);

    const all = await Promise.all(Object.keys(topics).map((topic) => read("master", topic)));
    expect(found(all.join("\n"), secrets)).to.deep.equal([]);
  });

  it("are the reason where it does not answer, asked for once, and replace what was told before", async () => {
    await using sshd = await Sshd.start();
    const machine = (name: string) =>
      new SshMachine({ name, role: "worker", address: "127.0.0.1" }, sshd.target);
    await using here = machine("worker1");
    await collect([here], folder);
    expect(await read("worker1", "network.txt")).to.include("LOOPBACK");
    await sshd.down();
    const began = performance.now();
    expect((await collect([here], folder)).files).to.equal(0);
    expect(performance.now() - began).to.be.lessThan(10_000);
    expect(await readdir(join(folder, "machines", "worker1"))).to.deep.equal(["unanswered.txt"]);
    const [told] = (await readTaken(folder))?.machines ?? [];
    expect(told).to.include({ name: "worker1", files: 0 });
    expect(told?.unanswered).to.match(/cannot be reached/);
  });

  it("have no secret where a topic fails with one", async () => {
    const failing = {
      name: "worker2",
      role: "worker" as const,
      address: "127.0.0.1",
      run: (script: string) =>
        script === "true"
          ? Promise.resolve({ stdout: "", stderr: "", code: 0, ms: 1 })
          : Promise.reject(new Error(`lost after ${secrets.token}`)),
    };
    await collect([failing], folder);
    const text = await read("worker2", "journal.txt");
    expect(text).to.equal("could not be collected: lost after [redacted: token]\n");
  });

  for (const [name, { script }] of Object.entries(topics)) {
    it(`are asked for in shell that any POSIX shell understands: ${name}`, async () => {
      const file = join(folder, `${name}.sh`);
      await writeFile(file, `#!/bin/sh\n${script}\n`);
      // 2329, 2034: not every script uses all of what several share. 2086: lists of words are meant.
      await execa("shellcheck", ["--shell=sh", "--exclude=SC2329,SC2317,SC2034,SC2086,SC2046,SC2154", file]);
    });
  }
});
