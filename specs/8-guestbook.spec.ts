import { expect } from "chai";
import {
  about,
  budget,
  claim,
  contains,
  eventually,
  Guestbook,
  Hopeless,
  type Pod,
  isProcess,
  lab,
  leaveMessage,
  type Worker,
} from "../harness/judge/index.ts";

const { master, workers } = lab;
const guestbook = new Guestbook(lab);

/** The pods of a deployment: the guestbook's labels are its own. */
const belongs = {
  "redis-master": ["role", "master"],
  "redis-slave": ["role", "slave"],
  frontend: ["tier", "frontend"],
} as const;

const runs = ({ phase, ready }: Pod): boolean => phase === "Running" && ready;

/** Without a frontend, no NodePort will ever answer. */
async function claimFrontend(): Promise<void> {
  const some = (await guestbook.pods()).some((pod) => runs(pod) && pod.labels["tier"] === "frontend");
  if (!some)
    throw new Hopeless(`${about(master, "guestbook pods")}: expected a frontend that could answer, saw none`);
}

async function holdersOf(worker: Worker, port: number): Promise<string[]> {
  const listening = (await worker.listeners()).filter((one) => one.protocol === "tcp" && one.port === port);
  return listening.flatMap(({ processes, scope }) =>
    processes.map((process) => `${process} on ${scope} address`),
  );
}

describe("guestbook", () => {
  let port = 0;

  before("create it, in the place of one left by an aborted run", async () => {
    await guestbook.remove();
    await guestbook.create();
  });

  after("remove what is left of it", () => guestbook.remove());

  it("has its services, each with an address of the service network", async () => {
    const services = await guestbook.services();
    expect(
      services.map(({ name }) => name),
      about(master, "guestbook services"),
    ).to.have.members(Object.keys(guestbook.replicas));
    for (const { name, clusterIp } of services) {
      claim(
        /^\d/.test(clusterIp) && contains(lab.services, clusterIp),
        about(master, "guestbook services"),
        `${name} to have an address in ${lab.services}`,
        clusterIp,
      );
    }
  });

  it("runs all its pods", () =>
    eventually(
      async () => {
        const pods = await guestbook.pods();
        const saw = pods.map(({ name, phase, waiting, node }) =>
          [name, phase, waiting, node && `on ${node}`].filter(Boolean).join(" "),
        );
        const all = Object.values(guestbook.replicas).reduce((sum, count) => sum + count, 0);
        claim(
          pods.length === all && pods.every(runs),
          about(master, "guestbook pods"),
          `${all} pods Running`,
          saw.join(", "),
        );
      },
      { within: budget.pods },
    ));

  for (const [deployment, count] of Object.entries(guestbook.replicas)) {
    it(`runs ${count} of ${deployment}`, async () => {
      const label = about(master, "guestbook pods", `of ${deployment} Running`);
      const [key, value] = belongs[deployment as keyof typeof belongs];
      const running = (await guestbook.pods()).filter((pod) => runs(pod) && pod.labels[key] === value);
      expect(running.length, label).to.equal(count);
    });
  }

  it("runs on every worker", async () => {
    const label = about(master, "guestbook pods", "nodes");
    const nodes = [...new Set((await guestbook.pods()).map(({ node }) => node))];
    expect(nodes, label).to.have.members(workers.map(({ name }) => name));
  });

  it("has every frontend behind its service", () =>
    eventually(
      async () => {
        const label = about(master, "guestbook endpoints", "frontend's endpoints");
        const frontends = (await guestbook.pods()).filter(({ labels }) => labels["tier"] === "frontend");
        const behind = (await master.endpoints()).find(({ name }) => name === "frontend")?.addresses ?? [];
        expect(behind, label).to.have.members(frontends.map(({ ip }) => ip));
      },
      { within: budget.nodePort },
    ));

  it("turns its frontend into a NodePort", async () => {
    await guestbook.expose();
    port = await guestbook.nodePort();
    const { first, last } = lab.ports.nodePorts;
    claim(
      port >= first && port <= last,
      about(master, "guestbook services"),
      `a NodePort from ${first} to ${last}`,
      String(port),
    );
  });

  for (const worker of workers) {
    it(`has kube-proxy hold the NodePort on ${worker.name}`, () =>
      eventually(
        async () => {
          const label = about(worker, "NodePort");
          const holders = await holdersOf(worker, port);
          const right = holders.some(
            (holder) =>
              isProcess("kube-proxy", holder.split(" ")[0] ?? "") && holder.endsWith("on every address"),
          );
          claim(right, label, `kube-proxy to listen on tcp ${port} on every address`, holders.join(", "));
        },
        { within: budget.nodePort },
      ));

    for (const machine of lab.machines) {
      it(`answers ${machine.name} through ${worker.name}`, () =>
        eventually(
          async () => {
            const label = about(worker, "guestbook's page", `HTTP status for ${machine.name}`);
            await claimFrontend();
            expect((await machine.asks(`http://${worker.address}:${port}/`)).status, label).to.equal(200);
          },
          { within: budget.nodePort },
        ));
    }
  }

  for (const [writer, reader] of lab.pairs(workers)) {
    it(`shows through ${reader.name} what was posted through ${writer.name}`, async () => {
      const message = `hello through ${writer.name}`;
      await eventually(
        async () => {
          const label = about(writer, "message", "when posted");
          expect(await guestbook.post(writer.address, port, message), label).to.equal("Updated");
        },
        { within: budget.nodePort },
      );
      // Replication takes a moment: an old message read right after is no failure.
      await eventually(
        async () => {
          const label = about(reader, "message read");
          expect(await guestbook.message(reader.address, port), label).to.equal(message);
        },
        { within: budget.nodePort },
      );
    });
  }

  // One is enough: that every worker leads to the page is shown above.
  for (const worker of workers.slice(0, 1)) {
    it(`lists what a person types into its page, in a browser through ${worker.name}`, () =>
      leaveMessage(worker, port, "typed by a person", about(worker, "message read", "in a browser")));
  }

  describe("when deleted", () => {
    before("delete it", () => guestbook.remove());

    it("leaves no pod", () => guestbook.areGone());

    it("leaves no service", async () => {
      expect(
        (await guestbook.services()).map(({ name }) => name),
        about(master, "guestbook gone", "services left"),
      ).to.deep.equal([]);
    });

    for (const worker of workers) {
      it(`leaves the NodePort of ${worker.name} free`, () =>
        eventually(
          async () => {
            claim(port > 0, about(worker, "NodePort"), "to have been there", "none");
            expect(
              await holdersOf(worker, port),
              about(worker, "NodePort", `listeners on tcp ${port}`),
            ).to.deep.equal([]);
          },
          { within: budget.gone },
        ));
    }
  });
});
