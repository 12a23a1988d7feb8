import { expect } from "chai";
import { execa } from "execa";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "../../harness/paths.ts";

const packages = join(project, "testbed", "packages");

describe("flannel's mk-docker-opts.sh", () => {
  const script = join(packages, "flannel/root/usr/libexec/flannel/mk-docker-opts.sh");
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-flannel-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const options = async (subnet: string) => {
    await writeFile(join(folder, "subnet.env"), subnet);
    const docker = join(folder, "run", "docker");
    await execa(script, ["-f", join(folder, "subnet.env"), "-k", "DOCKER_NETWORK_OPTIONS", "-d", docker]);
    return readFile(docker, "utf8");
  };
  const subnet = (ipmasq: string) =>
    `FLANNEL_NETWORK=10.241.0.0/16\nFLANNEL_SUBNET=10.241.15.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=${ipmasq}\n`;

  // facts/kubernetes-1.5.2.md §b
  it("writes what flannel 0.7.1's writes", async () => {
    expect(await options(subnet("false"))).to.equal(
      [
        'DOCKER_OPT_BIP="--bip=10.241.15.1/24"',
        'DOCKER_OPT_IPMASQ="--ip-masq=true"',
        'DOCKER_OPT_MTU="--mtu=1450"',
        'DOCKER_NETWORK_OPTIONS=" --bip=10.241.15.1/24 --ip-masq=true --mtu=1450"',
        "",
      ].join("\n"),
    );
  });

  it("leaves masquerading to flannel where flannel does it", async () => {
    expect(await options(subnet("true"))).to.include('DOCKER_OPT_IPMASQ="--ip-masq=false"');
  });
});

describe("the packages' scripts", () => {
  for (const file of [
    "docker/root/usr/bin/docker",
    "flannel/root/usr/bin/flanneld-start",
    "flannel/root/usr/libexec/flannel/mk-docker-opts.sh",
  ]) {
    it(`pass shellcheck: ${file}`, async () => {
      const { stdout } = await execa("shellcheck", [join(packages, file)], { reject: false });
      expect(stdout).to.equal("");
    });
  }
});
