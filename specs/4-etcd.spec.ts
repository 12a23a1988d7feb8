import { expect } from "chai";
import {
  about,
  budget,
  claim,
  contains,
  defaultPorts,
  etcdMember,
  eventually,
  lab,
  maskLength,
  networkAddress,
  overlaps,
  vxlanDevice,
  type Worker,
} from "../harness/judge/index.ts";

const { flannel, master, workers } = lab;
const day = 86400;
const addresses = workers.map(({ address }) => address);

/** The worker's one lease. */
async function leaseOf(worker: Worker) {
  const leases = await master.flannelLeases();
  const own = leases.filter(({ publicIp }) => publicIp === worker.address);
  const [lease] = own;
  // Leased to an address that is no worker's: flanneld works, and took another interface's.
  const strayed = own.length === 0 && leases.some(({ publicIp }) => !addresses.includes(publicIp));
  claim(
    lease !== undefined && own.length === 1,
    about(worker, strayed ? "lease address" : "lease"),
    `one subnet leased to ${worker.address} under ${flannel.prefix}`,
    leases.map(({ subnet, publicIp }) => `${subnet} to ${publicIp}`).join(", "),
  );
  return lease;
}

describe("etcd", () => {
  it("is healthy", () =>
    eventually(
      async () => {
        const { healthy, verdict } = await master.etcdHealth();
        claim(healthy, about(master, "etcd health"), "a healthy cluster", verdict);
      },
      { within: budget.listener },
    ));

  it("advertises the master's address", async () => {
    const urls = (await master.etcdMembers()).flatMap(({ clientURLs }) => clientURLs);
    expect(urls, about(master, "etcd advertised", "advertised URLs")).to.deep.equal([master.etcd]);
  });

  it(`has one member, named ${etcdMember}`, async () => {
    const names = (await master.etcdMembers()).map(({ name }) => name);
    expect(names, about(master, "etcd name", "members")).to.deep.equal([etcdMember]);
  });

  it("holds the lab's network for flannel, and nothing else, under its key", async () => {
    const config = await master.flannelConfig();
    const label = about(master, "flannel network", `at ${flannel.prefix}/config`);
    claim(config !== undefined, label, "the key to be there", "no such key");
    const { network, subnetLen, backend, vni } = flannel;
    expect(parsed(config), label).to.deep.equal({
      Network: network,
      SubnetLen: subnetLen,
      Backend: { Type: backend, Port: lab.ports.vxlan, VNI: vni },
    });
  });

  for (const worker of workers) {
    describe(`the lease of ${worker.name}`, () => {
      it("is there, once", () => eventually(() => leaseOf(worker), { within: budget.listener }));

      it("is inside flannel's network, and not its first subnet", async () => {
        const label = about(worker, "lease terms");
        const { subnet } = await leaseOf(worker);
        claim(contains(flannel.network, subnet), label, `a subnet of ${flannel.network}`, subnet);
        expect(maskLength(subnet), `${label} mask`).to.equal(flannel.subnetLen);
        claim(
          networkAddress(subnet) !== networkAddress(flannel.network),
          label,
          "a subnet after the first",
          subnet,
        );
      });

      it("overlaps no other", async () => {
        const label = about(worker, "lease terms", "others that overlap");
        const { subnet } = await leaseOf(worker);
        const others = (await master.flannelLeases()).filter(({ publicIp }) => publicIp !== worker.address);
        const clashing = others.filter((other) => overlaps(other.subnet, subnet));
        expect(
          clashing.map((other) => `${other.subnet} of ${other.publicIp}`),
          label,
        ).to.deep.equal([]);
      });

      it("ends within a day", async () => {
        const label = about(worker, "lease terms");
        const { ttl } = await leaseOf(worker);
        claim(
          ttl !== undefined && ttl > 0 && ttl <= day,
          label,
          `1 to ${day} seconds left`,
          String(ttl ?? "no end"),
        );
      });

      it(`is for vxlan, with the MAC of the worker's ${vxlanDevice(flannel)}`, async () => {
        const label = about(worker, "lease terms", "backend and VtepMAC");
        const { backend, vtepMac } = await leaseOf(worker);
        const device = await worker.link(vxlanDevice(flannel));
        expect([backend, vtepMac], label).to.deep.equal([flannel.backend, device?.mac]);
      });
    });
  }

  it("holds no stale lease: none of an address that no worker has", async () => {
    const stale = (await master.flannelLeases()).filter(({ publicIp }) => !addresses.includes(publicIp));
    expect(
      stale.map(({ subnet, publicIp }) => `${subnet} of ${publicIp}`),
      about(master, "stale leases", "stale leases"),
    ).to.deep.equal([]);
  });
});

/** The network as flanneld reads it: a backend that names no port has the kernel's own. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) =>
      key === "Backend" && typeof value === "object" ? { Port: defaultPorts.vxlan, ...value } : value,
    );
  } catch {
    return text;
  }
}
