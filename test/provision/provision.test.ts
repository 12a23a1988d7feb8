import { expect } from "chai";
import type { LocalMachine } from "./local.ts";
import { Site, what } from "./site.ts";

describe("provisioning", () => {
  let site: Site;
  beforeEach(async () => (site = await Site.start()));
  afterEach(() => site[Symbol.asyncDispose]());

  const unitLog = (machine: LocalMachine): Promise<string> =>
    machine.sh("cat /var/lib/units/.log; : >/var/lib/units/.log");

  it("turns booted machines into their roles, and then finds nothing to change", async () => {
    const first = await site.provision();
    expect(first.failures).to.deep.equal([]);
    expect(what(first.machines["master"], "package")).to.deep.equal(["kubernetes-master", "etcd"]);
    expect(what(first.machines["worker1"], "unit")).to.deep.equal(
      ["enabled", "started"].flatMap((done) =>
        ["flanneld", "docker", "kubelet", "kube-proxy"].map((unit) => `${unit} ${done}`),
      ),
    );
    expect(what(first.machines["worker1"], "image")).to.deep.equal(
      Object.values(site.lab.images).map(({ name }) => name),
    );
    expect(await site.worker.sh("cat /proc/sys/net/ipv4/ip_forward")).to.equal("1\n");
    expect(site.said).to.include("worker1: installing kubernetes-node, docker, flannel");

    const scripts = site.worker.scripts.length;
    expect(await site.provision()).to.deep.equal({
      machines: { master: [], worker1: [] },
      changed: 0,
      failures: [],
    });
    // One look at everything, four steps, one condition, the images.
    expect(site.worker.scripts.length - scripts).to.equal(7);
  });

  it("starts flanneld only once the master has written its network", async () => {
    await site.master.sh('mkfifo "$SHARED/gate"; sed -i "2i cat $SHARED/gate" /usr/local/sbin/yum');
    const result = site.provision();
    await site.says(/^worker1: waiting for flannel-network from the master$/);
    expect(await site.worker.sh("cat /var/lib/units/flanneld/active 2>/dev/null || echo never")).to.equal(
      "never\n",
    );
    await site.master.sh('echo >"$SHARED/gate"');
    expect((await result).failures).to.deep.equal([]);
    expect(await site.worker.sh("cat /var/lib/units/flanneld/active")).to.equal("active\n");
  });

  it("restarts what a changed file concerns, and starts again what that stops", async () => {
    await site.provision();
    await unitLog(site.worker);
    await site.worker.sh("echo >>/etc/sysconfig/flanneld");
    const { machines, changed } = await site.provision();
    expect(machines["master"]).to.deep.equal([]);
    expect(what(machines["worker1"], "file", "unit")).to.deep.equal([
      "/etc/sysconfig/flanneld",
      "flanneld restarted",
      "docker restarted",
      "kubelet started",
    ]);
    expect(changed).to.equal(4);
    expect(await unitLog(site.worker)).to.equal("restart flanneld\nrestart docker\nstart kubelet\n");
  });

  it("restarts the daemons that use a service-account key when it was made anew", async () => {
    await site.provision();
    await site.master.sh("rm /etc/kubernetes/serviceaccount.key");
    const { machines } = await site.provision();
    expect(what(machines["master"], "unit")).to.deep.equal([
      "kube-apiserver restarted",
      "kube-controller-manager restarted",
    ]);
  });

  it("loads an image again when its archive is another", async () => {
    await site.provision();
    const { name } = site.lab.images.frontend;
    await site.publish(name, "other");
    expect((await site.provision()).machines["worker1"]).to.deep.equal([{ kind: "image", what: name }]);
    expect((await site.provision()).changed).to.equal(0);
  });
});
