import { expect } from "chai";
import { execa } from "execa";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LabNotBuilt } from "../../harness/errors.ts";
import { makeOurs } from "../../harness/files.ts";
import { signingKey } from "../../testbed/keys/key.ts";
import { assemble, madeFrom } from "../../testbed/packages/assemble.ts";
import { proveSigned } from "../../testbed/packages/prove.ts";
import { Built } from "./packages-built.ts";

// Never aborted: mocha bounds the tests. A timer made here would run from when the file is loaded.
const { signal } = new AbortController();
const failure = async (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("the testbed's packages", function () {
  this.timeout(60_000);
  let built: Built;
  let standIns: string;
  let real: string;
  let flannel: string;

  before(async () => {
    built = await Built.start();
    standIns = await built.build("kubernetes", "stand-in");
    real = await built.build("kubernetes", "real");
    flannel = await built.build("flannel", "stand-in");
  });
  after(() => built[Symbol.asyncDispose]());

  it("are named and versioned as CentOS's last ones", async () => {
    const name = async (rpm: string) => built.query(standIns, rpm, "--qf", "%{NEVRA}");
    expect(await name("kubernetes-node")).to.equal("kubernetes-node-1.5.2-0.7.git269f928.el7.x86_64");
    expect(await built.query(flannel, "flannel", "--qf", "%{NEVRA}")).to.equal("flannel-0.7.1-4.el7.x86_64");
  });

  it("bring along what CentOS's bring along, and ask nothing else of the machine", async () => {
    const node = (await built.query(standIns, "kubernetes-node", "--requires")).split("\n");
    expect(node.filter((line) => !line.startsWith("rpmlib("))).to.have.members([
      "conntrack-tools",
      "docker",
      "kubernetes-client = 1.5.2-0.7.git269f928.el7",
      "socat",
    ]);
    expect(node.some((line) => line.startsWith("/"))).to.equal(false);
  });

  it("let only kube's group run kube-apiserver", async () => {
    const files = await built.files(standIns, "kubernetes-master");
    expect(files.get("/usr/bin/kube-apiserver")).to.include({ mode: "0754", owner: "root:kube" });
    expect(files.get("/usr/bin/kube-scheduler")).to.include({ mode: "0755", owner: "root:root" });
    expect(files.get("/run/kubernetes")).to.include({ mode: "0755", owner: "kube:kube" });
  });

  it("keep what was changed in their configuration", async () => {
    const files = await built.files(standIns, "kubernetes-node");
    const configuration = [...files].filter(([, { config }]) => config).map(([path]) => path);
    expect(configuration.sort()).to.deep.equal([
      "/etc/kubernetes/config",
      "/etc/kubernetes/kubelet",
      "/etc/kubernetes/proxy",
      "/etc/systemd/system.conf.d/kubernetes-accounting.conf",
    ]);
    expect((await built.files(flannel, "flannel")).get("/etc/sysconfig/flanneld")?.config).to.equal(true);
  });

  it("name stand-ins in their summary, and say so on the machine", async () => {
    expect(await built.query(standIns, "kubernetes-node", "--qf", "%{SUMMARY}")).to.equal(
      "Kubernetes services for node host (stand-in kubelet, stand-in kube-proxy)",
    );
    expect(await built.query(real, "kubernetes-node", "--qf", "%{SUMMARY}")).to.equal(
      "Kubernetes services for node host (real kubelet 1.2.3, real kube-proxy 1.2.3)",
    );
    const root = await built.unpack(standIns, "kubernetes-node");
    const part = await readFile(join(root, "usr/share/hardway-e2e/parts.d/kubelet.json"), "utf8");
    expect(JSON.parse(part)).to.include({ name: "kubelet", kind: "stand-in" });
  });

  it("let a stand-in, and only a stand-in, notify systemd from a process of its own", async () => {
    const dropIn = "/usr/lib/systemd/system/kube-apiserver.service.d/stand-in.conf";
    const root = await built.unpack(standIns, "kubernetes-master");
    expect((await readFile(join(root, dropIn), "utf8")).trim()).to.match(/\[Service\]\nNotifyAccess=all$/);
    expect([...(await built.files(real, "kubernetes-master")).keys()]).to.not.include(dropIn);
    expect([...(await built.files(flannel, "flannel")).keys()]).to.include(
      "/usr/lib/systemd/system/flanneld.service.d/stand-in.conf",
    );
  });

  it("have for a real docker its own containerd, and a real etcd do what the unit says", async () => {
    const units = "/usr/lib/systemd/system";
    const real = await built.build("docker", "real");
    const files = [...(await built.files(real, "docker")).keys()];
    expect(files).to.include("/usr/libexec/docker/docker-containerd");
    expect(files).to.not.include("/etc/docker/containerd.toml");
    const root = await built.unpack(real, "docker");
    const unit = async (name: string) => readFile(join(root, units, name), "utf8");
    expect(await unit("docker-containerd.service")).to.include("--shim docker-containerd-shim");
    expect(await unit("docker.service")).to.not.include("ipc-mode");

    const dropIn = `${units}/etcd.service.d/as-etcd-3.3.conf`;
    const etcd = async (kind: "real" | "stand-in") => [
      ...(await built.files(await built.build("etcd", kind), "etcd")).keys(),
    ];
    expect(await etcd("real")).to.not.include(dropIn);
    expect(await etcd("stand-in")).to.include(dropIn);
  });

  it("let a real kube-apiserver, and only a real one, bind to low ports", async () => {
    const capabilities = async (folder: string) =>
      built.query(folder, "kubernetes-master", "--qf", "[%{FILENAMES} %{FILECAPS}\n]");
    expect(await capabilities(real)).to.include("/usr/bin/kube-apiserver cap_net_bind_service=ep");
    expect(await capabilities(standIns)).to.not.include("cap_");
  });

  it("are the same each time", async () => {
    const digest = async (folder: string) =>
      built.query(folder, "kubernetes-node", "--qf", "%{PAYLOADDIGEST} %{SHA1HEADER}");
    const before = await digest(standIns);
    expect(await digest(await built.build("kubernetes", "stand-in"))).to.equal(before);
  });

  it("are proved to be signed by the testbed's key and no other", async () => {
    const file = join(flannel, "flannel-0.7.1-4.el7.x86_64.rpm");
    await proveSigned([file], built.key, join(built.folder, "proof"), signal);

    const other = await signingKey(join(built.folder, "other"), signal);
    const error = await failure(proveSigned([file], other, join(built.folder, "disproof"), signal));
    expect(error).to.be.instanceOf(LabNotBuilt);
  });

  it("are published whole, with signed metadata, in the place of what was there", async () => {
    const folder = join(built.folder, "repository");
    await makeOurs(folder);
    await writeFile(join(folder, "leftover.rpm"), "");
    await assemble([flannel, standIns], { folder, from: "these", key: built.key, signal });
    expect(await madeFrom(folder)).to.equal("these");
    const { stdout } = await execa("ls", [folder]);
    expect(stdout.split("\n")).to.include("repodata").and.not.include("leftover.rpm");
    const metadata = join(folder, "repodata", "repomd.xml");
    await execa("gpg", ["--homedir", built.key.gnupgHome, "--verify", `${metadata}.asc`, metadata]);
  });
});
