import { expect } from "chai";
import type { SpecResult } from "../../harness/judge/result.ts";
import { components } from "../../harness/judge/cluster.ts";
import type { Setting } from "../../harness/settings/setting.ts";
import { affectedBy } from "../../harness/watch/affected.ts";

const cluster = {
  components,
  daemons: [],
  site: { master: { name: "master" }, workers: [{ name: "worker1" }, { name: "worker2" }] },
};
const spec = (link: string, title = link, status: SpecResult["status"] = "passed"): SpecResult => ({
  file: "specs/x.spec.ts",
  title: [title],
  link,
  status,
  looks: 1,
  elapsed: 1,
  waits: [],
  history: [],
  evidence: [],
});
const specs = [
  spec("master/etcd"),
  spec("worker1/kubelet"),
  spec("worker2/kubelet"),
  spec("worker1/node"),
  spec("worker1/vxlan device"),
  spec("worker1/keys"),
  spec("master/guestbook pods", "guestbook runs all its pods"),
  spec("worker1/message", "guestbook shows a message"),
];
const change: Setting = {
  machine: "worker1",
  kind: "environment",
  path: "/etc/kubernetes/kubelet",
  key: "KUBELET_ARGS",
  value: "",
  state: "set",
  source: {
    file: "provision/worker/files/etc/kubernetes/kubelet.hbs",
    line: 9,
    text: 'KUBELET_ARGS=""',
  },
  labValues: [],
  restarts: ["kubelet"],
};
const restarted = { machines: { worker1: [{ kind: "unit" as const, what: "kubelet restarted" }] } };
const links = (affected: SpecResult[]) => affected.map(({ link }) => link);

describe("what a change affects", () => {
  it("is what the restarted unit and the setting govern, and what rests on it", () => {
    const { now, later } = affectedBy([change], restarted, specs, cluster);
    expect(links(now)).to.deep.equal(["worker1/kubelet", "worker1/node"]);
    expect(links(later)).to.deep.equal(["master/guestbook pods", "worker1/message"]);
  });

  it("is the whole guestbook where its manifest differs, on whatever machine that lies", () => {
    const manifest: Setting = {
      ...change,
      machine: "master",
      kind: "manifest",
      path: "/etc/hardway/guestbook/deployments.yaml",
      key: "Deployment frontend: spec.replicas",
      restarts: [],
    };
    const { now, later } = affectedBy([manifest], { machines: {} }, specs, cluster);
    expect(links(now)).to.deep.equal([]);
    expect(links(later)).to.deep.equal(["master/guestbook pods", "worker1/message"]);
  });

  it("is what was red before, too: the change may have mended it", () => {
    const red = specs.map((one) =>
      one.link === "worker1/keys" ? { ...one, status: "failed" as const } : one,
    );
    expect(links(affectedBy([change], restarted, red, cluster).now)).to.include("worker1/keys");
  });

  it("is nothing where nothing differs", () => {
    expect(affectedBy([], { machines: {} }, specs, cluster)).to.deep.equal({ now: [], later: [] });
  });
});
