import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Bench, eventually, type Daemon } from "./standins-worker-bench.ts";

const prefix = "/atomic.io/network";
const network = { Network: "10.241.0.0/16", SubnetLen: 24, Backend: { Type: "vxlan", VNI: 1 } };

interface Machine {
  namespace: string;
  address: string;
  subnetFile: string;
}

interface LeaseKey {
  key: string;
  value: string;
  ttl: number;
}

describe("the stand-in for flanneld", () => {
  let bench: Bench;
  let one: Machine;
  let two: Machine;

  const key = (path: string) => `http://127.0.0.1:2379/v2/keys${prefix}${path}`;
  const configure = (value: string) =>
    bench.ask(one.namespace, key("/config"), "PUT", new URLSearchParams({ value }));
  const leases = async (): Promise<LeaseKey[]> => {
    const answer = await bench.ask(one.namespace, key("/subnets?recursive=true"));
    return (JSON.parse(answer) as { node: { nodes: LeaseKey[] } }).node.nodes;
  };
  const start = ({ namespace, subnetFile }: Machine, ...more: string[]): Promise<Daemon> => {
    const etcd = "-etcd-endpoints=http://198.18.0.1:2379";
    const args = [etcd, `-etcd-prefix=${prefix}`, `-subnet-file=${subnetFile}`, ...more];
    return bench.start(namespace, "flanneld", args);
  };
  /** The first three octets of the machine's lease, as its subnet file says. */
  const subnetOf = ({ subnetFile }: Machine): Promise<string> =>
    eventually(`${subnetFile} is written`, async () => {
      const text = await readFile(subnetFile, "utf8");
      return /^FLANNEL_SUBNET=(.*)\.1\/24$/m.exec(text)?.[1] ?? "";
    });
  const show = (machine: Machine, ...what: string[]) => bench.run(machine.namespace, "ip", ...what);

  before(async () => {
    bench = await Bench.open();
    const machine = async (name: string, address: string) => ({
      namespace: await bench.namespace(),
      address,
      subnetFile: join(bench.folder, name, "subnet.env"),
    });
    one = await machine("one", "198.18.0.1");
    two = await machine("two", "198.18.0.2");
    await bench.wire(one.namespace, `${one.address}/24`, two.namespace, `${two.address}/24`);
    await bench.etcd(one.namespace);
  });
  after(() => bench.dispose());

  it("refuses an unknown flag as Go does", async () => {
    const daemon = await start(one, "-etcd-endpoint=x");
    expect(await daemon.ends()).to.equal(2);
    expect(daemon.output).to.match(/^flag provided but not defined: -etcd-endpoint$/m);
  });

  it("asks again each second where there is no configuration, and says what is wrong with a bad one", async () => {
    const daemon = await start(two);
    await daemon.says("failed to retrieve network config: 100: Key not found (/atomic.io) [", 2);
    await configure('{"Network": "10.241.0.0/16", }');
    await daemon.says("invalid character '}' looking for beginning of object key string");
    await configure(JSON.stringify({ ...network, Network: "10.241.0.0/24" }));
    await daemon.says("failed to register network: failed to acquire lease: out of subnets");
    expect(await readFile(two.subnetFile, "utf8").catch(() => "none")).to.equal("none");
    await daemon.stop();
  });

  describe("on two machines", () => {
    let first: Daemon;
    let second: Daemon;

    before(async () => {
      await configure(JSON.stringify(network));
      first = await start(one);
      second = await start(two, "-iface=198.18.0.2");
      for (const machine of [one, two]) {
        const bridge = [
          "link add name docker0 type bridge",
          `address add ${await subnetOf(machine)}.1/24 dev docker0`,
        ];
        const lines = [...bridge, "link set docker0 up"].map((line) => `${line}\n`);
        await bench.run(machine.namespace, "sh", "-c", `printf '${lines.join("")}' | ip -batch -`);
      }
    });

    it("leases a subnet to each, for a day, in the words of flannel 0.7.1", async () => {
      const found = await leases();
      expect(found.map(({ key: path }) => path)).to.have.members([
        `${prefix}/subnets/${await subnetOf(one)}.0-24`,
        `${prefix}/subnets/${await subnetOf(two)}.0-24`,
      ]);
      const own = found.find(({ value }) => value.includes(one.address));
      const mac = (await bench.run(one.namespace, "cat", "/sys/class/net/flannel.1/address")).trim();
      const data = `"BackendType":"vxlan","BackendData":{"VtepMAC":"${mac}"}`;
      expect(own?.value).to.equal(`{"PublicIP":"198.18.0.1",${data}}`);
      expect(own?.ttl).to.be.within(86300, 86400);
      expect(found.some(({ key: path }) => path.endsWith("10.241.0.0-24"))).to.equal(false);
    });

    it("makes the device and the one route that flannel makes", async () => {
      const device = await show(one, "-d", "link", "show", "flannel.1");
      expect(device).to.contain("mtu 1450").and.contain("state UNKNOWN");
      expect(device).to.contain("vxlan id 1 local 198.18.0.1 dev eth1 srcport 0 0 dstport 8472 nolearning");
      expect(await show(one, "route", "show", "dev", "flannel.1")).to.match(/^10\.241\.0\.0\/16 *$/);
      expect(await show(one, "-br", "-4", "address", "show", "flannel.1")).to.contain(
        `${await subnetOf(one)}.0/32`,
      );
    });

    it("carries traffic between the machines' docker0", async () => {
      const health = await bench.ask(two.namespace, `http://${await subnetOf(one)}.1:2379/health`);
      expect(health).to.contain("true");
      const neighbour = await show(two, "neigh", "show", `${await subnetOf(one)}.1`, "dev", "flannel.1");
      expect(neighbour).to.match(/lladdr .* REACHABLE/);
    });

    it("takes another lease when its own is revoked, and its peers hear of it", async () => {
      const before = await subnetOf(one);
      await bench.ask(one.namespace, key(`/subnets/${before}.0-24`), "DELETE");
      await first.says("Lease has been revoked");
      await first.says("Lease acquired: ", 2);
      // Chosen at random, so that it can be the same one again.
      const after = await subnetOf(one);
      await show(one, "address", "add", `${after}.1/24`, "dev", "docker0");
      await eventually("the peer reaches the new subnet", () =>
        bench.ask(two.namespace, `http://${after}.1:2379/health`),
      );
    });

    it("finds its lease again, makes the device anew for another interface, and then has a second lease", async () => {
      const before = await subnetOf(two);
      await second.stop();
      const again = await start(two);
      await again.says(`Found lease (${before}.0/24) for current IP (198.18.0.2), reusing`);
      await again.says("Lease acquired");
      await again.stop();
      await bench.run(
        two.namespace,
        "sh",
        "-c",
        "ip link add nat0 type bridge && ip address add 10.0.2.15/24 dev nat0",
      );
      await show(two, "link", "set", "nat0", "up");
      const wrong = await start(two, "--iface=nat0");
      await wrong.says(
        '"flannel.1" already exists with incompatable configuration: vtep (external) interface: ',
      );
      await wrong.says("Lease acquired");
      const addresses = (await leases()).map(
        ({ value }) => (JSON.parse(value) as { PublicIP: string }).PublicIP,
      );
      expect(addresses).to.have.members([one.address, two.address, "10.0.2.15"]);
    });
  });
});
