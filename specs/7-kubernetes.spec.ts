import { expect } from "chai";
import { about, budget, claim, eventually, lab } from "../harness/judge/index.ts";

const { master, workers } = lab;
const names = workers.map(({ name }) => name);

describe("kubernetes", () => {
  // What cannot be asked shows where a spec asks for it.
  before("look at all workers at once", () => Promise.allSettled(workers.map((worker) => worker.units())));

  for (const worker of workers) {
    it(`has the node ${worker.name} Ready`, () =>
      eventually(
        async () => {
          const nodes = await master.nodes();
          const node = nodes.find(({ name }) => name === worker.name);
          const misnamed = node === undefined && nodes.some(({ name }) => !names.includes(name));
          const label = about(worker, misnamed ? "node name" : "node");
          claim(
            node !== undefined,
            label,
            `to be registered as ${worker.name}`,
            nodes.map(({ name }) => name).join(", "),
          );
          claim(node.ready, label, "to be Ready", node.why);
        },
        { within: budget.node },
      ));

    // A node stays Ready for 40 s after its kubelet was last heard of (facts/kubernetes-1.5.2.md §e.5).
    it(`hears from ${worker.name}'s kubelet as it runs now`, () =>
      eventually(
        async () => {
          const label = about(worker, "node heard");
          const node = (await master.nodes()).find(({ name }) => name === worker.name);
          const { age } = await worker.unit("kubelet");
          // A heartbeat has the worker's time: how far that is off is another matter.
          const heard = (node?.heartbeatAge ?? NaN) + (await worker.clockAhead());
          claim(
            heard < age,
            label,
            `a heartbeat since its kubelet was started ${age.toFixed(0)} s ago`,
            Number.isNaN(heard) ? "none" : `the last one ${heard.toFixed(0)} s ago`,
          );
        },
        { within: budget.node },
      ));

    it(`knows ${worker.name} by its lab address`, async () => {
      const label = about(worker, "node address", "addresses");
      const node = (await master.nodes()).find(({ name }) => name === worker.name);
      expect([...new Set(node?.addresses)], label).to.deep.equal([worker.address]);
    });
  }

  it("has no node beside the workers", async () => {
    const known = (await master.nodes()).map(({ name }) => name);
    expect(known, about(master, "nodes")).to.have.members(names);
  });

  it("leads pods to the API server by the master's lab address", async () => {
    const label = about(master, "kubernetes service", "endpoints");
    const own = (await master.endpoints()).find(({ name }) => name === "kubernetes");
    expect(own?.addresses.map((address) => `${address}:${own.ports.join()}`) ?? [], label).to.deep.equal([
      new URL(master.tls).host,
    ]);
  });

  for (const component of ["scheduler", "controller-manager", "etcd"] as const) {
    it(`finds its ${component} healthy`, () =>
      eventually(
        async () => {
          const statuses = (await master.componentStatuses()).filter(
            ({ name }) => name.replace(/-\d+$/, "") === component,
          );
          const label = about(master, `component ${component}`);
          claim(statuses.length > 0, label, "to have a status", "none");
          const ill = statuses.find(({ healthy }) => !healthy);
          claim(ill === undefined, label, "to be healthy", ill?.why ?? "");
        },
        { within: budget.listener },
      ));
  }

  describe("the service-account key", () => {
    it("is readable by root and kube alone", async () => {
      const key = await master.serviceAccountKey();
      const seen = key === undefined ? "no such file" : `${key.mode} ${key.owner}:${key.group}`;
      expect(seen, about(master, "service-account key")).to.equal("640 root:kube");
    });

    it("has signed the default service account's token", () =>
      eventually(
        async () => {
          const { verdict } = await master.defaultToken();
          expect(verdict, about(master, "token", "token's signature")).to.equal("verified");
        },
        { within: budget.node },
      ));

    it("makes the default service account known to the API server", async () => {
      const { algorithm, subject, status } = await master.defaultToken();
      expect(`${algorithm} ${subject}`, about(master, "token", "token")).to.equal(
        "RS256 system:serviceaccount:default:default",
      );
      expect(
        status,
        about(master, "token accepted", `HTTP status on ${lab.ports.apiserver.secure}`),
      ).to.equal(200);
    });
  });
});
