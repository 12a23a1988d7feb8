import { expect } from "chai";
import {
  about,
  budget,
  claim,
  eventually,
  firstAddress,
  lab,
  maskLength,
  networkAddress,
  type Worker,
} from "../harness/judge/index.ts";

const { flannel, master, workers } = lab;

/** What vxlan's headers take from each packet. */
const overhead = 50;

async function device(worker: Worker) {
  const link = await worker.link("flannel.1");
  claim(link !== undefined, about(worker, "flannel.1"), "to be there", "no such interface");
  return link;
}

/** The worker's subnet as etcd has it. */
async function subnetOf(worker: Worker): Promise<string> {
  const lease = (await master.flannelLeases()).find(({ publicIp }) => publicIp === worker.address);
  claim(lease !== undefined, about(worker, "lease address"), `a subnet leased to ${worker.address}`, "none");
  return lease.subnet;
}

describe("flannel", () => {
  for (const worker of workers) {
    describe(worker.name, () => {
      it("has flannel.1 up", () =>
        eventually(
          async () => {
            claim((await device(worker)).up, about(worker, "flannel.1"), "to be up", "down");
          },
          { within: budget.listener },
        ));

      it("has flannel.1 in the lab's VXLAN", async () => {
        expect((await device(worker)).vxlan?.vni, about(worker, "flannel.1", "VNI")).to.equal(flannel.vni);
      });

      it("carries it over the lab's network", async () => {
        const { vxlan } = await device(worker);
        expect(vxlan?.device, about(worker, "flannel.1", "device")).to.equal(flannel.interface);
        expect(vxlan?.local, about(worker, "flannel.1", "local address")).to.equal(worker.address);
      });

      it("leaves room for vxlan's headers", async () => {
        const under = await worker.link(flannel.interface);
        expect((await device(worker)).mtu, about(worker, "flannel.1", "MTU")).to.equal(
          (under?.mtu ?? 0) - overhead,
        );
      });

      it("gives flannel.1 the first address of its lease, alone", async () => {
        const label = about(worker, "flannel.1", "addresses");
        const subnet = await subnetOf(worker);
        expect((await device(worker)).addresses, label).to.deep.equal([`${networkAddress(subnet)}/32`]);
      });

      it("sends flannel's network into flannel.1", async () => {
        const through = (await worker.routes())
          .filter(({ to }) => to === flannel.network)
          .map((route) => route.device);
        expect(through, about(worker, "flannel.1", `routes to ${flannel.network}`)).to.deep.equal([
          "flannel.1",
        ]);
      });

      it("says in subnet.env what its lease says", async () => {
        const label = about(worker, "subnet.env", "network, subnet, MTU");
        const subnet = await subnetOf(worker);
        const said = await worker.subnetEnv();
        expect([said.network, said.subnet, said.mtu], label).to.deep.equal([
          flannel.network,
          `${firstAddress(subnet)}/${maskLength(subnet)}`,
          String((await device(worker)).mtu),
        ]);
      });
    });
  }
});
