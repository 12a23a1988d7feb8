import { expect } from "chai";
import { LabNotBuilt } from "../../harness/errors.ts";
import type { Lab } from "../../harness/lab/lab.ts";
import type { LocalMachine } from "./local.ts";
import { Site, what } from "./site.ts";

describe("provisioning that fails", () => {
  let site: Site;
  beforeEach(async () => (site = await Site.start()));
  afterEach(() => site[Symbol.asyncDispose]());

  const behave = (machine: LocalMachine, unit: string, how: string, journal: string): Promise<string> =>
    machine.sh(
      `mkdir -p /var/lib/units/${unit}; cd /var/lib/units/${unit}; echo ${how} >behaviour; cat >journal`,
      journal,
    );

  it("reports a unit that fails, with its last words, and leaves the rest to the specs", async () => {
    await behave(
      site.master,
      "kube-apiserver",
      "fails",
      `kube-apiserver[7]: unknown flag: --service_account-key-file\nkube-apiserver[7]: Usage:\n${"kube-apiserver[7]:       --v Level (default 0)\n".repeat(110)}`,
    );
    const { failures, machines } = await site.provision();
    expect(failures).to.have.length(1);
    expect(failures[0]).to.deep.include({
      machine: "master",
      hint: "npm run lab -- ssh master -- sudo journalctl -u kube-apiserver -n 50",
    });
    expect(failures[0]?.message).to.match(
      /^master kube-apiserver: expected the unit to be active, saw it failed \(failed, result exit-code\) \(1 looks/,
    );
    expect(failures[0]?.details.join("\n")).to.match(
      /unknown flag: --service_account-key-file\nkube-apiserver\[7\]: Usage:$/,
    );
    expect(what(machines["master"], "unit"))
      .to.include("kube-apiserver started")
      .and.not.include("kube-scheduler started");
    expect(what(machines["worker1"], "unit")).to.include("kube-proxy started");
  });

  it("gives up on a unit that systemd starts again and again", async () => {
    await behave(site.worker, "kube-proxy", "loops", "kube-proxy[9]: no\n");
    const { failures } = await site.provision();
    expect(failures.map(({ message }) => message)).to.have.length(1);
    expect(failures[0]?.message).to.match(/^worker1 kube-proxy: .*, started 3 times \(3 looks in /);
  });

  it("notices a daemon that dies of its first flag after its unit was active", async () => {
    await behave(site.worker, "kubelet", "dies", "kubelet[9]: unknown flag: --hostname_override\n");
    const { failures } = await site.provision();
    expect(failures[0]?.message).to.match(/^worker1 kubelet: .* soon after its start$/);
    expect(failures[0]?.details.at(-1)).to.equal("kubelet[9]: unknown flag: --hostname_override");
  });

  it("does not wait for a master that has failed", async () => {
    await behave(site.master, "etcd", "fails", "etcd[9]: no\n");
    const { failures } = await site.provision();
    expect(failures.map(({ machine }) => machine)).to.deep.equal(["master", "worker1"]);
    expect(failures[1]?.message).to.match(
      /^worker1: expected the master to bring about flannel-network, saw it missing/,
    );
    expect(failures[1]?.details.join("\n")).to.match(/404 Not Found\nthe master failed first: master etcd: /);
  });

  it("ends the work on all machines when packages cannot be had, with yum's words", async () => {
    await site.master.sh("echo 'Package tiny.rpm is not signed' >/var/lib/yum-refuses");
    const error: unknown = await site.refusal();
    expect(error).to.be.instanceOf(LabNotBuilt);
    expect((error as LabNotBuilt).explain()).to.match(
      /^master: expected yum to install kubernetes-master, etcd, saw it fail\n {2}Package tiny\.rpm is not signed/,
    );
    expect(await site.worker.sh("cat /var/lib/units/kubelet/active 2>/dev/null || echo never")).to.equal(
      "never\n",
    );
  });

  it("is not content with a yum that leaves a package out and answers 0", async () => {
    await site.master.sh("sed -i 's/unknown\\*/etcd/' /usr/local/sbin/yum");
    const error: unknown = await site.refusal();
    expect((error as Error).message).to.equal("master: expected yum to install etcd, saw it fail");
  });

  it("takes a step that fails before any daemon runs for a lab that is not built", async () => {
    await site.worker.sh(
      "printf '#!/bin/sh\\necho modprobe: no such module >&2; exit 1\\n' >/usr/local/sbin/modprobe",
    );
    const error: unknown = await site.refusal();
    expect(error).to.be.instanceOf(LabNotBuilt);
    expect((error as LabNotBuilt).explain()).to.match(
      /step kernel-settings[^]*no such module[^]*provision\/worker\/steps\/kernel-settings\.sh/,
    );
  });

  it("takes a step that fails against a daemon for a broken cluster", async () => {
    await site.master.sh(
      "printf '#!/bin/sh\\necho Error: client: etcd cluster is unavailable >&2; exit 1\\n' >/usr/local/sbin/etcdctl",
    );
    const { failures } = await site.provision();
    expect(failures[0]?.message).to.match(
      /^master: expected the step flannel-network to succeed, saw exit code 1/,
    );
    expect(failures[0]?.details[0]).to.include("etcd cluster is unavailable");
  });

  it("ends with the signal's reason", async () => {
    const abort = new AbortController();
    const result = site.refusal(abort.signal);
    await site.says(/./);
    const reason = new Error("interrupted");
    abort.abort(reason);
    expect(await result).to.equal(reason);
  });

  it("touches no machine when a template is wrong", async () => {
    delete (site.lab.flannel as Partial<Lab["flannel"]>).interface;
    const error = (await site.refusal()) as Error;
    expect(error.message).to.match(/provision\/worker\/files\/etc\/sysconfig\/flanneld\.hbs:\d+/);
    expect([...site.master.scripts, ...site.worker.scripts]).to.deep.equal([]);
  });
});
