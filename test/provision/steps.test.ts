import { expect } from "chai";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planFor } from "../../harness/provision/plan.ts";
import { loadRoles } from "../../harness/provision/roles.ts";
import { LocalMachine } from "./local.ts";
import { aLab } from "./labs.ts";
import { changes, step, takeBack } from "./steps.ts";
import { ownTemplates } from "../../harness/paths.ts";

describe("steps", () => {
  let machine: LocalMachine;
  let shared: string;
  beforeEach(async () => {
    shared = await mkdtemp(join(tmpdir(), "hardway-shared-"));
    machine = await LocalMachine.start("worker1", "worker", shared);
  });
  afterEach(async () => {
    await machine[Symbol.asyncDispose]();
    await rm(shared, { recursive: true });
  });

  it("disable-other-repositories switches off every section of every other file, once", async () => {
    await machine.sh(`cd /etc/yum.repos.d
printf '[base]\\nenabled=1\\n' >CentOS-Base.repo
printf '[C7.0]\\nname=x\\nenabled = 1\\n[C7.1]\\nname=y # no word of it\\n' >CentOS-Vault.repo
chmod 0640 CentOS-Vault.repo`);
    const lab = await aLab();
    const original = await machine.sh("cat /etc/yum.repos.d/CentOS-Vault.repo");
    const ran = await step(machine, "disable-other-repositories", lab);
    expect(changes(ran)).to.deep.equal(["changed: /etc/yum.repos.d/CentOS-Vault.repo switched off"]);
    expect(await machine.sh("cd /etc/yum.repos.d; cat *; stat -c %a CentOS-Vault.repo")).to.equal(
      "[base]\nenabled=1\n[C7.0]\nenabled=0\nname=x\n[C7.1]\nenabled=0\nname=y # no word of it\n640\n",
    );
    const again = await step(machine, "disable-other-repositories", lab);
    expect(changes(again)).to.deep.equal([]);
    expect(again.stdout).to.equal("declares: /etc/yum.repos.d/CentOS-Vault.repo switched off\n");
    await takeBack(machine, "disable-other-repositories", lab, ran);
    expect(await machine.sh("cat /etc/yum.repos.d/CentOS-Vault.repo")).to.equal(original);
  });

  it("no-firewall stops and masks firewalld where it is", async () => {
    const lab = await aLab();
    expect(changes(await step(machine, "no-firewall", lab))).to.deep.equal([]);
    await machine.sh("mkdir -p /var/lib/units/firewalld; cd /var/lib/units/firewalld; echo active >active");
    const ran = await step(machine, "no-firewall", lab);
    expect(changes(ran)).to.deep.equal(["changed: firewalld stopped and masked"]);
    expect(await machine.sh("cd /var/lib/units/firewalld; cat file active")).to.equal("masked\ninactive\n");
    expect(changes(await step(machine, "no-firewall", lab))).to.deep.equal([]);
    await takeBack(machine, "no-firewall", lab, ran);
    expect(await machine.sh("cd /var/lib/units/firewalld; cat file active")).to.equal("disabled\nactive\n");
  });

  it("service-account-key makes one key of 2048 bit for kube, and mends its mode", async () => {
    await machine.sh("mkdir -p /etc/kubernetes; echo kube:x:4242: >>/etc/group");
    const key = "/etc/kubernetes/serviceaccount.key";
    const lab = await aLab();
    expect(changes(await step(machine, "service-account-key", lab))).to.have.length(2);
    expect(
      await machine.sh(`stat -c '%a %U:%G' ${key}; openssl rsa -in ${key} -noout -text | head -n 1`),
    ).to.match(/^640 root:kube\n.*2048 bit/);
    const before = await machine.sh(`sha256sum ${key}`);
    expect(changes(await step(machine, "service-account-key", lab))).to.deep.equal([]);
    await machine.sh(`chmod 0644 ${key}`);
    expect(changes(await step(machine, "service-account-key", lab))).to.deep.equal([
      `changed: ${key} readable by kube`,
    ]);
    expect(await machine.sh(`sha256sum ${key}`)).to.equal(before);
  });

  it("kernel-settings turns on what the files say, once", async () => {
    const { files } = await planFor(
      await aLab(),
      (await aLab()).workers[0] ?? expect.fail(),
      await loadRoles(ownTemplates),
    );
    const sysctl = files.find((file) => file.path === "/etc/sysctl.d/90-kubernetes.conf")?.content ?? "";
    await machine.sh(
      "mkdir -p /etc/sysctl.d; cat >/etc/sysctl.d/90-kubernetes.conf",
      `# a comment\n${sysctl}`,
    );
    await machine.sh("mkdir -p /etc/modules-load.d; echo br_netfilter >/etc/modules-load.d/kubernetes.conf");
    expect(changes(await step(machine, "kernel-settings", await aLab()))).to.deep.equal([
      "changed: module br_netfilter loaded",
      "changed: net.ipv4.ip_forward is 1",
      "changed: net.bridge.bridge-nf-call-iptables is 1",
      "changed: net.bridge.bridge-nf-call-ip6tables is 1",
    ]);
    expect(changes(await step(machine, "kernel-settings", await aLab()))).to.deep.equal([]);
  });

  it("flannel-network writes the configuration once, and again when it is another", async () => {
    const lab = await aLab();
    await machine.sh(
      "mkdir -p /etc/hardway; cat >/etc/hardway/flannel-network.json",
      '{ "Network": "10.241.0.0/16" }\n',
    );
    const ran = await step(machine, "flannel-network", lab);
    expect(changes(ran)).to.deep.equal(["changed: /atomic.io/network/config in etcd"]);
    expect(changes(await step(machine, "flannel-network", lab))).to.deep.equal([]);
    await machine.sh("cat >/etc/hardway/flannel-network.json", '{ "Network": "10.242.0.0/16" }\n');
    expect(changes(await step(machine, "flannel-network", lab))).to.have.length(1);
    expect(await readFile(join(shared, "etcd/atomic.io/network/config"), "utf8")).to.equal(
      '{ "Network": "10.242.0.0/16" }\n',
    );
    await takeBack(machine, "flannel-network", lab, ran);
    expect(await machine.sh('ls "$SHARED/etcd/atomic.io/network"')).to.equal("");
  });

  describe("stale-leases", () => {
    beforeEach(() =>
      machine.sh(`mkdir -p "$SHARED/etcd/atomic.io/network/subnets"; cd "$SHARED/etcd/atomic.io/network/subnets"
echo '{"PublicIP":"10.146.47.110","BackendType":"vxlan"}' >10.241.15.0-24
echo '{"PublicIP":"192.168.147.9","BackendType":"vxlan"}' >10.241.99.0-24`),
    );
    const leases = (): Promise<string> => machine.sh('ls "$SHARED/etcd/atomic.io/network/subnets"');

    it("are reported and left", async () => {
      const said = changes(await step(machine, "stale-leases", await aLab()));
      expect(said).to.have.length(1);
      expect(said[0]).to.match(/^note: .*10\.241\.99\.0-24 of 192\.168\.147\.9/);
      expect(await leases()).to.include("10.241.99.0-24");
    });

    it("are removed where the lab says so", async () => {
      const lab = await aLab("embedded", (one) => (one.flannel.removeStaleLeases = true));
      expect(changes(await step(machine, "stale-leases", lab))[0]).to.match(/^changed: .*10\.241\.99\.0-24/);
      expect(await leases()).to.equal("10.241.15.0-24\n");
      expect(changes(await step(machine, "stale-leases", lab))).to.deep.equal([]);
    });
  });

  it("never take a lab's values for shell", async () => {
    const hostile = (number: number): string =>
      `'"; touch /etc/owned${number}; $(touch /etc/owned${number}) \`id\` #\n`;
    const lab = await aLab("embedded", (one) => {
      one.flannel.prefix = `/x${hostile(1)}`;
      for (const worker of one.workers) worker.address = hostile(2);
      one.keys = [{ id: hostile(3), fingerprint: hostile(4), path: hostile(5), url: "" }];
      one.master.address = hostile(6);
    });
    const roles = await loadRoles(ownTemplates);
    let ran = 0;
    for (const described of [lab.master, ...lab.workers])
      for (const item of (await planFor(lab, described, roles)).items)
        if ("script" in item) {
          await machine.run(item.script.text);
          ran += 1;
        }
    expect(ran).to.be.greaterThan(8);
    expect(await machine.sh("ls /etc | grep -c owned || true")).to.equal("0\n");
  });
});
