import { expect } from "chai";
import { build } from "esbuild";
import { execa } from "execa";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { abilities } from "../../testbed/standins/flags/abilities.ts";
import flanneld from "../../testbed/standins/flags/flanneld.ts";
import apiserver from "../../testbed/standins/flags/kube-apiserver.ts";
import controllerManager from "../../testbed/standins/flags/kube-controller-manager.ts";
import proxy from "../../testbed/standins/flags/kube-proxy.ts";
import scheduler from "../../testbed/standins/flags/kube-scheduler.ts";
import kubelet from "../../testbed/standins/flags/kubelet.ts";

const tables: Record<string, string> = {
  flanneld,
  kubelet,
  "kube-apiserver": apiserver,
  "kube-controller-manager": controllerManager,
  "kube-proxy": proxy,
  "kube-scheduler": scheduler,
};
const server = ["--etcd-servers=http://127.0.0.1:1", "--service-cluster-ip-range=10.254.0.0/16"];

describe("a stand-in that is told what only the real daemon can do", function () {
  this.timeout(30_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-refusals-"));
    for (const name of Object.keys(tables)) {
      await build({
        bundle: true,
        platform: "node",
        target: "node18",
        format: "cjs",
        entryPoints: [`testbed/standins/${name}/main.ts`],
        outfile: join(folder, `${name}.cjs`),
      });
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (daemon: string, ...args: string[]) =>
    execa(process.execPath, [join(folder, `${daemon}.cjs`), ...args], {
      reject: false,
      timeout: 20_000,
      env: daemon === "flanneld" ? {} : { FLANNELD_IFACE: "lo" },
    });

  const cases: [daemon: string, args: string[], what: string][] = [
    ["flanneld", ["-iface=lo"], "-iface=lo"],
    ["flanneld", ["-etcd-cafile=/etc/ssl/ca.pem"], "-etcd-cafile=/etc/ssl/ca.pem"],
    ["flanneld", ["-kube-subnet-mgr"], "-kube-subnet-mgr=true"],
    ["flanneld", ["-listen=:8888"], "-listen=:8888"],
    ["kube-apiserver", [...server, "--storage-backend=etcd3"], "--storage-backend=etcd3"],
    ["kube-apiserver", [...server, "--authorization_mode=ABAC"], "--authorization-mode=ABAC"],
    ["kube-apiserver", [...server, "--etcd-certfile=/x"], "--etcd-certfile=/x"],
    ["kube-apiserver", [...server, "--client-ca-file=/x"], "--client-ca-file=/x"],
    [
      "kube-apiserver",
      [...server, "--advertise-address=127.0.0.1", "--admission-control=AlwaysPullImages"],
      "--admission-control=AlwaysPullImages",
    ],
    ["kube-controller-manager", ["--kubeconfig=/x"], "--kubeconfig=/x"],
    ["kube-controller-manager", ["--allocate-node-cidrs"], "--allocate-node-cidrs=true"],
    ["kube-scheduler", ["--policy-config-file=/x"], "--policy-config-file=/x"],
    ["kube-proxy", ["--master=http://127.0.0.1:1", "--proxy-mode=userspace"], "--proxy-mode=userspace"],
    ["kube-proxy", ["--cleanup-iptables"], "--cleanup-iptables=true"],
    ["kubelet", ["--cgroup-driver=systemd"], "--cgroup-driver=systemd"],
    ["kubelet", ["--network-plugin=cni"], "--network-plugin=cni"],
    [
      "kubelet",
      ["--kubeconfig", "/etc/kubernetes/kubelet.conf"],
      "--kubeconfig=/etc/kubernetes/kubelet.conf",
    ],
    ["kubelet", ["--config=/etc/kubernetes/manifests"], "--config=/etc/kubernetes/manifests"],
    ["kubelet", ["--client-ca-file=/x"], "--client-ca-file=/x"],
  ];
  for (const [daemon, args, what] of cases) {
    it(`ends, and says so: ${daemon} ${args.at(-1) ?? ""}`, async () => {
      const { exitCode, stderr } = await run(daemon, ...args);
      expect(stderr).to.include(`stand-in: only the real ${daemon} can show what ${what} does`);
      expect(exitCode).to.equal(69);
    });
  }

  it("takes a flag that says the default in other words, and one on which nothing depends", async () => {
    const told = ["--cgroup_driver=cgroupfs", "--experimental-cri=0", "--hairpin-mode=promiscuous-bridge"];
    const { stderr } = await run("kube-proxy", "--proxy-mode=iptables", "--conntrack-min=1");
    expect(stderr).to.include("no configuration has been provided").and.not.include("stand-in:");
    expect((await run("kubelet", ...told, "--v=4", "--version")).stdout).to.equal("Kubernetes v1.5.2");
  });

  it("leaves a note for the run, and takes it back when it is told other things", async () => {
    // The folder that the packages make, in a mount namespace: nothing of it is on the host.
    const notes = "/var/lib/hardway-e2e/refused.d";
    const inside = async (script: string) =>
      (
        await execa("unshare", [
          "--mount",
          "sh",
          "-c",
          `mount -t tmpfs none /var/lib && mkdir -p ${notes} && ${script}`,
          process.execPath,
          join(folder, "kube-proxy.cjs"),
        ])
      ).stdout;
    const refused = '"$0" "$1" --proxy-mode=userspace 2>/dev/null;';
    expect(await inside(`{ ${refused} cat ${notes}/kube-proxy; }`)).to.equal(
      "only the real kube-proxy can show what --proxy-mode=userspace does",
    );
    expect(await inside(`{ ${refused} "$0" "$1" 2>/dev/null; ls ${notes}; }`)).to.equal("");
  });
});

describe("what stand-ins can do with flags", () => {
  for (const [daemon, table] of Object.entries(tables)) {
    it(`speaks of flags that there are, each once: ${daemon}`, () => {
      const known = table
        .trim()
        .split("\n")
        .map((row) => row.split("\t")[0]);
      const { does = [], takes = [], values = {} } = abilities[daemon] ?? {};
      const named = [...does, ...takes, ...Object.keys(values)].filter((name) => !common.has(name));
      expect(named.filter((name) => !known.includes(name))).to.deep.equal([]);
      expect(named.filter((name, at) => named.indexOf(name) !== at)).to.deep.equal([]);
    });
  }
});

/** Flags that most daemons have, and that are listed for all of them at once. */
const common = new Set([
  "contention-profiling",
  "profiling",
  "kube-api-burst",
  "kube-api-content-type",
  "kube-api-qps",
]);
