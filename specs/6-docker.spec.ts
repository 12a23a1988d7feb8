import { expect } from "chai";
import {
  about,
  budget,
  claim,
  dockerBridge,
  eventually,
  fateOf,
  firstAddress,
  lab,
  maskLength,
  probeOn,
  removeProbes,
  vxlanDevice,
  type Worker,
} from "../harness/judge/index.ts";

const { master, workers } = lab;

/** What docker0's only address must be: the first host's of the worker's lease. */
async function leased(worker: Worker): Promise<string> {
  const lease = (await master.flannelLeases()).find(({ publicIp }) => publicIp === worker.address);
  claim(lease !== undefined, about(worker, "lease address"), `a subnet leased to ${worker.address}`, "none");
  return `${firstAddress(lease.subnet)}/${maskLength(lease.subnet)}`;
}

/** The value of a flag among a program's arguments: of `--mtu=1450`, and of `--mtu 1450`. */
function optionIn(args: readonly string[], flag: string): string | undefined {
  const at = args.findIndex((arg) => arg === `--${flag}` || arg.startsWith(`--${flag}=`));
  return at < 0 ? undefined : (/=(.*)$/s.exec(args[at] ?? "")?.[1] ?? args[at + 1]);
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
        const bip = /--bip=(\S+)/.exec((await worker.dockerOptions()) ?? "")?.[1];
        expect(bip, label).to.equal(await leased(worker));
      });

      it("runs docker on the leased subnet, with flannel's MTU", async () => {
        const label = about(worker, "docker options", "--bip and --mtu");
        const args = (await worker.process("docker"))?.args ?? [];
        const device = await worker.link(vxlanDevice(lab.flannel));
        expect([optionIn(args, "bip"), optionIn(args, "mtu")], label).to.deep.equal([
          await leased(worker),
          String(device?.mtu),
        ]);
      });

      it("masquerades what leaves its containers, by docker or by flannel, and not by both", async () => {
        const label = about(worker, "docker options", "--ip-masq beside flannel's");
        const args = (await worker.process("docker"))?.args ?? [];
        const { ipMasq } = await worker.subnetEnv();
        const [docker, flannel] = [optionIn(args, "ip-masq") ?? "true", ipMasq ?? "not said"];
        claim(
          [docker, flannel].sort().join() === "false,true",
          label,
          "one of docker and flannel to masquerade",
          `docker ${docker}, flannel ${flannel}`,
        );
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
        const { policies } = await worker.filterTable();
        expect(policies["FORWARD"], about(worker, "forwarding", "policy")).to.equal("ACCEPT");
      });

      it("has no rule that stops what goes to or from containers", async () => {
        const label = about(worker, "forwarding", "rules");
        const table = await worker.filterTable();
        const own = (await leased(worker)).replace(/\/.*$/, "");
        const elsewhere = firstAddress(lab.flannel.network);
        const overlay = vxlanDevice(lab.flannel);
        const ways = {
          "from another worker's containers": { from: elsewhere, to: own, in: overlay, out: dockerBridge },
          "to another worker's containers": { from: own, to: elsewhere, in: dockerBridge, out: overlay },
          "from a machine by a NodePort": {
            from: master.address,
            to: own,
            in: lab.flannel.interface,
            out: dockerBridge,
          },
        };
        const stopped = Object.entries(ways).flatMap(([name, way]) => {
          const { passes, by } = fateOf(table, { chain: "FORWARD", protocol: "tcp", port: 80, ...way });
          return passes ? [] : [`${name}: ${by}`];
        });
        expect(stopped, label).to.deep.equal([]);
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
    before("start one on each worker", async () => {
      for (const worker of workers) about(worker, "container network");
      await Promise.all(workers.map(probeOn));
    });

    for (const [from, to] of lab.pairs(workers)) {
      it(`reach from ${from.name} to ${to.name}`, () =>
        eventually(
          async () => {
            const [one, other] = [await probeOn(from), await probeOn(to)];
            expect(
              await one.asks(other),
              about(from, "container network", `HTTP from ${to.name}'s container`),
            ).to.equal(200);
          },
          { within: budget.overlay },
        ));
    }
  });
});

// Others ask from them, too.
after("remove containers of ours", () => removeProbes(workers));
