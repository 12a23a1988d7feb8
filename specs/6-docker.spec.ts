import { expect } from "chai";
import {
  about,
  budget,
  claim,
  dockerBridge,
  eventually,
  firstAddress,
  lab,
  maskLength,
  startProbe,
  type Probe,
  type Worker,
} from "../harness/judge/index.ts";

const { master, workers } = lab;

/** What docker0's only address must be: the first host's of the worker's lease. */
async function leased(worker: Worker): Promise<string> {
  const lease = (await master.flannelLeases()).find(({ publicIp }) => publicIp === worker.address);
  claim(lease !== undefined, about(worker, "lease address"), `a subnet leased to ${worker.address}`, "none");
  return `${firstAddress(lease.subnet)}/${maskLength(lease.subnet)}`;
}

async function docker0(worker: Worker): Promise<string[]> {
  return (await worker.link(dockerBridge))?.addresses ?? [];
}

describe("docker network", () => {
  for (const worker of workers) {
    describe(worker.name, () => {
      it("has a docker that answers", async () => {
        const label = about(worker, "docker", "version");
        expect((await worker.docker()).ServerVersion, label).to.match(/^\d+\./);
      });

      it("tells docker the leased subnet", async () => {
        const label = about(worker, "subnet.env", "--bip for docker");
        const { DOCKER_NETWORK_OPTIONS } = await worker.dockerOptions();
        const bip = /--bip=(\S+)/.exec(DOCKER_NETWORK_OPTIONS ?? "")?.[1];
        expect(bip, label).to.equal(await leased(worker));
      });

      it("gives docker0 the lease's first address", async () => {
        expect(await docker0(worker), about(worker, "docker0", "addresses")).to.deep.equal([
          await leased(worker),
        ]);
      });

      it("sends its own subnet to docker0", async () => {
        const label = about(worker, "docker0");
        const address = (await leased(worker)).replace(/\/.*$/, "");
        const route = (await worker.routes()).find(
          ({ source, device }) => source === address && device === dockerBridge,
        );
        claim(route !== undefined, label, `a route from ${address} to it`, "none");
      });

      it("lets forwarded packets through", async () => {
        expect(await worker.forwardPolicy(), about(worker, "forwarding", "policy")).to.equal("ACCEPT");
      });
    });
  }

  describe("between workers", () => {
    for (const [from, to] of lab.pairs(workers)) {
      it(`carries ${from.name}'s pings to ${to.name}'s docker0, and loses none`, () =>
        eventually(
          async () => {
            const [address = ""] = (await docker0(to)).map((one) => one.replace(/\/.*$/, ""));
            claim(address !== "", about(to, "docker0"), "an address to ping", "none");
            const { sent, received } = await from.pings(address);
            claim(
              sent > 0 && received === sent,
              about(from, "overlay"),
              `every ping to ${address} answered`,
              `${received} of ${sent}`,
            );
          },
          { within: budget.overlay },
        ));
    }
  });

  // Pings between docker0 pass even where forwarding is dropped; what goes from container to container does not.
  describe("containers", () => {
    const probes = new Map<Worker, Probe>();

    before("start one on each worker", async () => {
      for (const worker of workers) about(worker, "container network");
      await Promise.all(
        workers.map(async (worker) => {
          probes.set(worker, await startProbe(worker, lab.images.frontend.name));
        }),
      );
    });

    after("remove them", async () => {
      await Promise.all([...probes.values()].map((probe) => probe.remove()));
    });

    for (const [from, to] of lab.pairs(workers)) {
      it(`reach from ${from.name} to ${to.name}`, () =>
        eventually(
          async () => {
            const [one, other] = [probes.get(from), probes.get(to)];
            claim(
              one !== undefined && other !== undefined,
              about(from, "docker"),
              "a container on each",
              "none",
            );
            expect(
              (await one.asks(other)).status,
              about(from, "container network", `HTTP from ${to.name}'s container`),
            ).to.equal(200);
          },
          { within: budget.overlay },
        ));
    }
  });
});
