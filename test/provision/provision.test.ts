import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { LabNotBuilt } from "../../harness/errors.ts";
import type { Lab } from "../../harness/lab/lab.ts";
import type { Machine } from "../../harness/machines/machine.ts";
import { provision } from "../../harness/provision/provision.ts";
import type { Change, ProvisionResult } from "../../harness/provision/result.ts";
import { aLab } from "./labs.ts";
import { LocalMachine } from "./local.ts";

const { signal } = new AbortController();

/** Looks at what the test has been told until it is so; mocha's timeout ends it. */
async function until(so: () => boolean): Promise<void> {
  while (!so()) await pause(20);
}

describe("provisioning", () => {
  let shared: string;
  let lab: Lab;
  let master: LocalMachine;
  let worker: LocalMachine;
  let said: string[];
  beforeEach(async () => {
    shared = await mkdtemp(join(tmpdir(), "hardway-shared-"));
    said = [];
    master = await LocalMachine.start("master", "master", shared);
    worker = await LocalMachine.start("worker1", "worker", shared);
    lab = await aLab("embedded", (one) => {
      one.keys = [];
      one.repositories = [];
      for (const image of Object.values(one.images))
        if ("archive" in image)
          image.archive = pathToFileURL(join(shared, image.name.replace("/", "-"))).href;
    });
    for (const { name } of Object.values(lab.images))
      await writeFile(join(shared, name.replace("/", "-")), `${name} sha256:${name}\n`);
  });
  afterEach(async () => {
    await Promise.all([master[Symbol.asyncDispose](), worker[Symbol.asyncDispose]()]);
    await rm(shared, { recursive: true });
  });

  const go = (machines: Machine[] = [master, worker], abort = signal): Promise<ProvisionResult> =>
    provision(lab, machines, { signal: abort, say: (machine, text) => said.push(`${machine}: ${text}`) });
  const what = (changes: Change[] | undefined, ...kinds: Change["kind"][]): string[] =>
    (changes ?? []).filter(({ kind }) => kinds.includes(kind)).map((change) => change.what);
  const unitLog = (machine: LocalMachine): Promise<string> =>
    machine.sh("cat /var/lib/units/.log; : >/var/lib/units/.log");
  const behave = (machine: LocalMachine, unit: string, how: string, journal = ""): Promise<string> =>
    machine.sh(
      `mkdir -p /var/lib/units/${unit}; cd /var/lib/units/${unit}; echo ${how} >behaviour; cat >journal`,
      journal,
    );

  it("turns booted machines into their roles, and then finds nothing to change", async () => {
    const first = await go();
    expect(first.failures).to.deep.equal([]);
    expect(what(first.machines["master"], "package")).to.deep.equal(["kubernetes-master", "etcd"]);
    expect(what(first.machines["worker1"], "unit")).to.deep.equal(
      ["enabled", "started"].flatMap((done) =>
        ["flanneld", "docker", "kubelet", "kube-proxy"].map((unit) => `${unit} ${done}`),
      ),
    );
    expect(what(first.machines["worker1"], "image")).to.deep.equal(
      Object.values(lab.images).map(({ name }) => name),
    );
    expect(await worker.sh("cat /proc/sys/net/ipv4/ip_forward")).to.equal("1\n");
    expect(said).to.include("worker1: installing kubernetes-node, docker, flannel");

    const scripts = worker.scripts.length;
    expect(await go()).to.deep.equal({ machines: { master: [], worker1: [] }, changed: 0, failures: [] });
    // One look at everything, four steps, one condition, the images.
    expect(worker.scripts.length - scripts).to.equal(7);
  });

  it("starts flanneld only once the master has written its network", async () => {
    await master.sh('mkfifo "$SHARED/gate"; sed -i "2i cat $SHARED/gate" /usr/local/sbin/yum');
    const result = go();
    await until(() => said.some((text) => text === "worker1: waiting for flannel-network from the master"));
    expect(await worker.sh("cat /var/lib/units/flanneld/active 2>/dev/null || echo never")).to.equal(
      "never\n",
    );
    await master.sh('echo >"$SHARED/gate"');
    expect((await result).failures).to.deep.equal([]);
    expect(await worker.sh("cat /var/lib/units/flanneld/active")).to.equal("active\n");
  });

  it("restarts what a changed file concerns, and starts again what that stops", async () => {
    await go();
    await unitLog(worker);
    await worker.sh("echo >>/etc/sysconfig/flanneld");
    const { machines, changed } = await go();
    expect(machines["master"]).to.deep.equal([]);
    expect(what(machines["worker1"], "file", "unit")).to.deep.equal([
      "/etc/sysconfig/flanneld",
      "flanneld restarted",
      "docker restarted",
      "kubelet started",
    ]);
    expect(changed).to.equal(4);
    expect(await unitLog(worker)).to.equal("restart flanneld\nrestart docker\nstart kubelet\n");
  });

  it("restarts the daemons that use a service-account key when it was made anew", async () => {
    await go();
    await master.sh("rm /etc/kubernetes/serviceaccount.key");
    const { machines } = await go();
    expect(what(machines["master"], "unit")).to.deep.equal([
      "kube-apiserver restarted",
      "kube-controller-manager restarted",
    ]);
  });

  it("loads an image again when its archive is another", async () => {
    await go();
    const { name } = lab.images.frontend;
    await writeFile(join(shared, name.replace("/", "-")), `${name} sha256:other\n`);
    expect((await go()).machines["worker1"]).to.deep.equal([{ kind: "image", what: name }]);
    expect((await go()).changed).to.equal(0);
  });

  it("reports a unit that fails, with its last words and the setting behind them, and leaves the rest to the specs", async () => {
    await behave(
      master,
      "kube-apiserver",
      "fails",
      `kube-apiserver[7]: unknown flag: --service_account-key-file\nkube-apiserver[7]: Usage:\n${"kube-apiserver[7]:       --v Level (default 0)\n".repeat(110)}`,
    );
    const { failures, machines } = await go();
    expect(failures).to.have.length(1);
    expect(failures[0]).to.deep.include({
      machine: "master",
      hint: "npm run lab -- ssh master -- journalctl -u kube-apiserver -n 50",
    });
    expect(failures[0]?.message).to.match(
      /^master kube-apiserver: expected the unit to be active, saw it failed \(failed, result exit-code\) \(1 looks/,
    );
    expect(failures[0]?.details.join("\n")).to.match(
      /unknown flag: --service_account-key-file\nkube-apiserver\[7\]: Usage:\nset by {3}provision\/master\/files\/etc\/kubernetes\/apiserver\.hbs:\d+ {2}KUBE_API_ARGS$/,
    );
    expect(what(machines["master"], "unit"))
      .to.include("kube-apiserver started")
      .and.not.include("kube-scheduler started");
    expect(what(machines["worker1"], "unit")).to.include("kube-proxy started");
  });

  it("gives up on a unit that systemd starts again and again", async () => {
    await behave(worker, "kube-proxy", "loops", "kube-proxy[9]: no\n");
    const { failures } = await go();
    expect(failures.map(({ message }) => message)).to.have.length(1);
    expect(failures[0]?.message).to.match(/^worker1 kube-proxy: .*, started 3 times \(3 looks in /);
  });

  it("notices a daemon that dies of its first flag after its unit was active", async () => {
    await behave(worker, "kubelet", "dies", "kubelet[9]: unknown flag: --hostname_override\n");
    const { failures } = await go();
    expect(failures[0]?.message).to.match(/^worker1 kubelet: .* soon after its start$/);
    expect(failures[0]?.details.at(-1)).to.match(
      /worker\/files\/etc\/kubernetes\/kubelet\.hbs:\d+ {2}KUBELET_HOSTNAME$/,
    );
  });

  it("does not wait for a master that has failed", async () => {
    await behave(master, "etcd", "fails", "etcd[9]: no\n");
    const { failures } = await go();
    expect(failures.map(({ machine }) => machine)).to.deep.equal(["master", "worker1"]);
    expect(failures[1]?.message).to.match(
      /^worker1: expected the master to bring about flannel-network, saw it missing/,
    );
    expect(failures[1]?.details.join("\n")).to.match(/404 Not Found\nthe master failed first: master etcd: /);
  });

  it("ends the work on all machines when packages cannot be had, with yum's words", async () => {
    await master.sh("echo 'Package tiny.rpm is not signed' >/var/lib/yum-refuses");
    const error: unknown = await go().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(LabNotBuilt);
    expect((error as LabNotBuilt).explain()).to.match(
      /^master: expected yum to install kubernetes-master, etcd, saw it fail\n {2}Package tiny\.rpm is not signed/,
    );
    expect(await worker.sh("cat /var/lib/units/kubelet/active 2>/dev/null || echo never")).to.equal(
      "never\n",
    );
  });

  it("is not content with a yum that leaves a package out and answers 0", async () => {
    await master.sh("sed -i 's/unknown\\*/etcd/' /usr/local/sbin/yum");
    const error: unknown = await go().catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.equal("master: expected yum to install etcd, saw it fail");
  });

  it("takes a step that fails before any daemon runs for a lab that is not built", async () => {
    await worker.sh(
      "printf '#!/bin/sh\\necho modprobe: no such module >&2; exit 1\\n' >/usr/local/sbin/modprobe",
    );
    const error: unknown = await go().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(LabNotBuilt);
    expect((error as LabNotBuilt).explain()).to.match(
      /step kernel-settings[^]*no such module[^]*provision\/worker\/steps\/kernel-settings\.sh/,
    );
  });

  it("takes a step that fails against a daemon for a broken cluster", async () => {
    await master.sh(
      "printf '#!/bin/sh\\necho Error: client: etcd cluster is unavailable >&2; exit 1\\n' >/usr/local/sbin/etcdctl",
    );
    const { failures } = await go();
    expect(failures[0]?.message).to.match(
      /^master: expected the step flannel-network to succeed, saw exit code 1/,
    );
    expect(failures[0]?.details[0]).to.include("etcd cluster is unavailable");
  });

  it("ends with the signal's reason", async () => {
    const abort = new AbortController();
    const result = go([worker], abort.signal).catch((thrown: unknown) => thrown);
    await until(() => said.length > 0);
    const reason = new Error("interrupted");
    abort.abort(reason);
    expect(await result).to.equal(reason);
  });

  it("touches no machine when a template is wrong", async () => {
    delete (lab.flannel as Partial<Lab["flannel"]>).interface;
    const error = (await go().catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).to.match(/provision\/worker\/files\/etc\/sysconfig\/flanneld\.hbs:\d+/);
    expect([...master.scripts, ...worker.scripts]).to.deep.equal([]);
  });
});
