import { expect } from "chai";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabNotBuilt } from "../../harness/errors.ts";
import { ownTemplates } from "../../harness/paths.ts";
import type { LocalMachine } from "./local.ts";
import { Site, what } from "./site.ts";

describe("what the templates no longer want", () => {
  let site: Site;
  let templates: string;
  beforeEach(async () => {
    site = await Site.start();
    templates = await mkdtemp(join(tmpdir(), "hardway-templates-"));
    await cp(ownTemplates, templates, { recursive: true });
    site.templates = templates;
    // What the packages bring, and what the box has already.
    await site.worker.sh(`cat >>/usr/local/sbin/yum <<'END'
echo 'KUBE_MASTER="--master=http://127.0.0.1:8080"' >/etc/kubernetes/config
chmod 0640 /etc/kubernetes/config
END
echo 'the box has its own' >/etc/yum.conf`);
  });
  afterEach(async () => {
    await site[Symbol.asyncDispose]();
    await rm(templates, { recursive: true });
  });

  /** Changes a file of the templates; each text must find its place. */
  async function edit(file: string, ...edits: [from: string, to: string][]): Promise<void> {
    const path = join(templates, file);
    let text = await readFile(path, "utf8");
    for (const [from, to] of edits) {
      expect(text).to.include(from);
      text = text.replace(from, () => to);
    }
    await writeFile(path, text);
  }
  const drop = (file: string): Promise<void> => rm(join(templates, file));
  const unitLog = (machine: LocalMachine): Promise<string> =>
    machine.sh("cat /var/lib/units/.log; : >/var/lib/units/.log");
  const there = (path: string): Promise<string> =>
    site.worker.sh(`if [ -e ${path} ]; then echo there; else echo gone; fi`);
  /** Provisions, and answers what that changed on the worker. */
  async function changes(...kinds: Parameters<typeof what>[1][]): Promise<string[]> {
    const { machines, failures } = await site.provision();
    expect(failures).to.deep.equal([]);
    return what(machines["worker1"], ...kinds);
  }

  it("a drop-in: it is removed, systemd reads its files again, and its unit is restarted", async () => {
    await site.provision();
    const dropIn = "worker/files/etc/systemd/system/docker.service.d/forward-accept.conf";
    await drop(dropIn);
    await edit(
      "worker/role.yaml",
      [", /etc/systemd/system/docker.service.d/*", ""],
      ["  /etc/systemd/system/docker.service.d/forward-accept.conf: { restarts: [docker] }\n", ""],
    );
    await unitLog(site.worker);
    expect(await changes("file", "unit")).to.deep.equal([
      "/etc/systemd/system/docker.service.d/forward-accept.conf removed",
      "docker restarted",
      "kubelet started",
    ]);
    expect(await there("/etc/systemd/system/docker.service.d")).to.equal("gone\n");
    expect(await unitLog(site.worker)).to.equal("daemon-reload\nrestart docker\nstart kubelet\n");
    expect((await site.provision()).changed).to.equal(0);
  });

  it("a file of a package: it is again as the package had it, however often it was changed since", async () => {
    await site.provision();
    await edit("every/files/etc/yum.conf", ["debuglevel=2", "debuglevel=3"]);
    await site.provision();
    await drop("worker/files/etc/kubernetes/config.hbs");
    await edit("worker/role.yaml", ["  /etc/kubernetes/config: { restarts: [kubelet, kube-proxy] }\n", ""]);
    await drop("every/files/etc/yum.conf");
    await edit(
      "every/role.yaml",
      ["/etc/yum.conf, ", ""],
      [
        "  /etc/yum.conf:\n    once: { when: installation, why: packages are checked and kept as they are installed }\n",
        "",
      ],
    );
    expect(await changes("file", "unit")).to.deep.equal([
      "/etc/yum.conf restored",
      "/etc/kubernetes/config restored",
      "kubelet restarted",
      "kube-proxy restarted",
    ]);
    expect(
      await site.worker.sh("cat /etc/kubernetes/config /etc/yum.conf; stat -c %a /etc/kubernetes/config"),
    ).to.equal('KUBE_MASTER="--master=http://127.0.0.1:8080"\nthe box has its own\n640\n');
    expect((await site.provision()).changed).to.equal(0);
  });

  it("a line of sysctl's and a module: the running kernel has what it had before", async () => {
    await site.provision();
    expect(await site.worker.sh("cat /proc/sys/net/ipv4/ip_forward")).to.equal("1\n");
    await edit("worker/files/etc/sysctl.d/90-kubernetes.conf", ["net.ipv4.ip_forward = 1\n", ""]);
    expect(await changes("file", "step")).to.deep.equal([
      "/etc/sysctl.d/90-kubernetes.conf",
      "net.ipv4.ip_forward taken back",
    ]);
    expect(await site.worker.sh("cat /proc/sys/net/ipv4/ip_forward")).to.equal("0\n");

    await drop("worker/files/etc/modules-load.d/kubernetes.conf");
    await drop("worker/files/etc/sysctl.d/90-kubernetes.conf");
    await edit("worker/role.yaml", ["  - files: [/etc/sysctl.d/*, /etc/modules-load.d/*]\n", ""]);
    expect(await changes("file", "step")).to.deep.equal([
      "/etc/modules-load.d/kubernetes.conf removed",
      "/etc/sysctl.d/90-kubernetes.conf removed",
      "net.bridge.bridge-nf-call-ip6tables taken back",
      "net.bridge.bridge-nf-call-iptables taken back",
      "module br_netfilter taken back",
    ]);
    expect(await there("/proc/sys/net/bridge")).to.equal("gone\n");
    expect((await site.provision()).changed).to.equal(0);
  });

  it("a step: all it had declared is taken back by its own script, though that is gone, too", async () => {
    await site.provision();
    await drop("worker/steps/kernel-settings.sh");
    await drop("worker/undo/kernel-settings.sh");
    await edit("worker/role.yaml", ["  - step: kernel-settings\n", ""]);
    expect(await changes()).to.deep.equal([]);
    expect(await site.worker.sh("cat /proc/sys/net/ipv4/ip_forward; ls /proc/sys/net")).to.equal("0\nipv4\n");
    await drop("master/steps/service-account-key.sh");
    await drop("master/undo/service-account-key.sh");
    const role = await readFile(join(templates, "master/role.yaml"), "utf8");
    const step = role.slice(role.indexOf("  - step: service-account-key"), role.indexOf("  - unit: etcd"));
    await edit("master/role.yaml", [step, ""]);
    const { machines } = await site.provision();
    expect(what(machines["master"], "step", "unit")).to.deep.equal([
      "/etc/kubernetes/serviceaccount.key taken back",
      "kube-apiserver restarted",
      "kube-controller-manager restarted",
    ]);
    expect(await site.master.sh("ls /etc/kubernetes")).to.not.include("serviceaccount.key");
  });

  it("a unit, its package and its files: stopped, disabled, uninstalled, removed", async () => {
    await site.provision();
    await drop("worker/files/etc/sysconfig/flanneld.hbs");
    await edit(
      "worker/role.yaml",
      ["  - unit: flanneld\n", ""],
      ["docker, flannel]", "docker]"],
      ["/etc/sysconfig/flanneld, ", ""],
      [
        "  /etc/sysconfig/flanneld: { restarts: [flanneld, docker] } # docker takes its subnet from flannel when it starts\n",
        "",
      ],
    );
    await unitLog(site.worker);
    expect(await changes("unit", "file", "package")).to.deep.equal([
      "flanneld stopped and disabled",
      "/etc/sysconfig/flanneld removed",
      "flannel removed",
      "docker restarted",
      "kubelet started",
    ]);
    expect(
      await site.worker.sh("cd /var/lib/units/flanneld; cat active file; cat /var/lib/packages"),
    ).to.equal("inactive\ndisabled\nkubernetes-node\ndocker\n");
    expect((await site.provision()).changed).to.equal(0);
  });

  it("an image: docker forgets it", async () => {
    await site.provision();
    await edit("worker/role.yaml", ["redisSlave, ", ""]);
    expect(await changes("image")).to.deep.equal([`${site.lab.images.redisSlave.name} removed`]);
    expect(await site.worker.sh("cat /var/lib/docker-images")).to.not.include(
      site.lab.images.redisSlave.name,
    );
  });

  it("what was on the machine before, and is as wanted, stays when the templates let go of it", async () => {
    await site.worker.sh(
      "mkdir -p /var/lib/units/kube-proxy; cd /var/lib/units/kube-proxy; echo enabled >file; echo active >active; echo 1 >/proc/sys/net/ipv4/ip_forward",
    );
    await site.provision();
    await drop("worker/files/etc/kubernetes/proxy");
    await edit(
      "worker/role.yaml",
      ["  - unit: kube-proxy\n", ""],
      ["restarts: [kubelet, kube-proxy]", "restarts: [kubelet]"],
      ["  /etc/kubernetes/proxy: { restarts: [kube-proxy] }\n", ""],
    );
    await edit("worker/files/etc/sysctl.d/90-kubernetes.conf", ["net.ipv4.ip_forward = 1\n", ""]);
    await site.provision();
    expect(
      await site.worker.sh("cd /var/lib/units/kube-proxy; cat file active /proc/sys/net/ipv4/ip_forward"),
    ).to.equal("enabled\nactive\n1\n");
  });

  it("is known after a provisioning that broke off, too", async () => {
    await site.worker.sh("mkdir -p /var/lib/units/docker; echo fails >/var/lib/units/docker/behaviour");
    expect((await site.provision()).failures).to.have.length(1);
    await drop("worker/files/etc/systemd/system/docker.service.d/forward-accept.conf");
    await edit(
      "worker/role.yaml",
      [", /etc/systemd/system/docker.service.d/*", ""],
      ["  /etc/systemd/system/docker.service.d/forward-accept.conf: { restarts: [docker] }\n", ""],
    );
    const { machines } = await site.provision();
    expect(what(machines["worker1"], "file")).to.deep.equal([
      "/etc/systemd/system/docker.service.d/forward-accept.conf removed",
    ]);
  });

  it("and cannot be taken back makes a lab that is not built, and says how to get a fresh one", async () => {
    await site.provision();
    await site.worker.sh(
      "printf '#!/bin/sh\\necho in use >&2; exit 1\\n' >/usr/local/sbin/sysctl; chmod +x /usr/local/sbin/sysctl",
    );
    await drop("worker/steps/kernel-settings.sh");
    await drop("worker/undo/kernel-settings.sh");
    await edit("worker/role.yaml", ["  - step: kernel-settings\n", ""]);
    const error: unknown = await site.refusal();
    expect(error).to.be.instanceOf(LabNotBuilt);
    expect((error as LabNotBuilt).explain()).to.match(
      /^worker1: expected net\.bridge\.bridge-nf-call-ip6tables to be taken back[^]*in use[^]*npm run lab -- destroy/,
    );
  });

  it("is refused to be guessed where the machine's own record is damaged", async () => {
    await site.provision();
    await site.worker.sh("echo '{' >/var/lib/hardway/applied.json");
    expect(((await site.refusal()) as Error).message).to.match(
      /^worker1: expected \/var\/lib\/hardway\/applied\.json to tell/,
    );
  });

  it("needs an undo script of every step that declares something", async () => {
    await drop("worker/undo/kernel-settings.sh");
    expect(((await site.refusal()) as Error).message).to.match(
      /^expected a script undo\/kernel-settings\.sh beside .*kernel-settings\.sh, which declares what it does; saw none/,
    );
  });

  it("tells a change that has its effect in a fresh lab alone", async () => {
    const first = await site.provision();
    expect(
      Object.values(first.machines)
        .flat()
        .filter(({ once }) => once !== undefined),
    ).to.deep.equal([]);
    await edit("master/files/etc/etcd/etcd.conf.hbs", ['ETCD_NAME="node0"', 'ETCD_NAME="node1"']);
    const { machines } = await site.provision();
    expect(machines["master"]?.[0]).to.deep.equal({
      kind: "file",
      what: "/etc/etcd/etcd.conf",
      once: {
        when: "first start",
        settings: ["ETCD_NAME", "ETCD_INITIAL_ADVERTISE_PEER_URLS", "ETCD_INITIAL_CLUSTER"],
        why: "etcd looks at them only while it has no data",
      },
    });
  });
});
