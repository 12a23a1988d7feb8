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
  vxlanDevice,
  type Worker,
} from "../harness/judge/index.ts";

const { flannel, master, workers } = lab;
const deviceName = vxlanDevice(flannel);

/** What vxlan's headers take from each packet. */
const overhead = 50;

async function device(worker: Worker) {
  const link = await worker.link(deviceName);
  claim(link !== undefined, about(worker, "vxlan device"), "to be there", "no such interface");
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
      it(`has ${deviceName} up`, () =>
        eventually(
          async () => {
            claim((await device(worker)).up, about(worker, "vxlan device"), "to be up", "down");
          },
          { within: budget.listener },
        ));

      it(`has ${deviceName} in the lab's VXLAN`, async () => {
        expect((await device(worker)).vxlan?.vni, about(worker, "vxlan device", "VNI")).to.equal(flannel.vni);
      });

      it("carries it over the lab's network", async () => {
        const { vxlan } = await device(worker);
        expect(vxlan?.device, about(worker, "vxlan device", "device")).to.equal(flannel.interface);
        expect(vxlan?.local, about(worker, "vxlan device", "local address")).to.equal(worker.address);
      });

      it("leaves room for vxlan's headers", async () => {
        const under = await worker.link(flannel.interface);
        expect((await device(worker)).mtu, about(worker, "vxlan device", "MTU")).to.equal(
          (under?.mtu ?? 0) - overhead,
        );
      });

      it(`gives ${deviceName} the first address of its lease, alone`, async () => {
        const label = about(worker, "vxlan device", "addresses");
        const subnet = await subnetOf(worker);
        expect((await device(worker)).addresses, label).to.deep.equal([`${networkAddress(subnet)}/32`]);
      });

      it(`sends flannel's network into ${deviceName}`, async () => {
        const through = (await worker.routes())
          .filter(({ to }) => to === flannel.network)
          .map((route) => route.device);
        expect(through, about(worker, "vxlan device", `routes to ${flannel.network}`)).to.deep.equal([
          deviceName,
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
