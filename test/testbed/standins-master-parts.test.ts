import { expect } from "chai";
import type { Deployment, Node, Pod, ReplicaSet } from "../../testbed/standins/common/objects.ts";
import { parseDuration } from "../../testbed/standins/common/values.ts";
import { jsonPatch, mergePatch, strategicPatch } from "../../testbed/standins/kube-apiserver/merge.ts";
import { chosenBy } from "../../testbed/standins/kube-apiserver/selectors.ts";
import { nextScales } from "../../testbed/standins/kube-controller-manager/rollout.ts";
import { nodeFor } from "../../testbed/standins/kube-scheduler/spread.ts";

describe("master stand-ins, part by part", () => {
  it("reads durations as Go does", () => {
    expect(parseDuration("1h0m0.5s")).to.equal(3_600_500);
    expect(parseDuration("-250ms")).to.equal(-250);
    expect(() => parseDuration("5x")).to.throw('time: unknown unit "x" in duration "5x"');
  });

  it("merges patches: plain ones replace lists, strategic ones merge them by key", () => {
    const ports = [{ port: 80, protocol: "TCP", nodePort: 30126 }];
    const patch = { type: "NodePort", ports: [{ port: 80, nodePort: null }] };
    expect(mergePatch({ ports, a: 1 }, { ports: [{ port: 81 }], a: null })).to.deep.equal({
      ports: [{ port: 81 }],
    });
    expect(strategicPatch({ ports }, patch)).to.deep.equal({
      type: "NodePort",
      ports: [{ port: 80, protocol: "TCP" }],
    });
    const env = { env: [{ name: "A" }, { name: "B" }] };
    expect(strategicPatch(env, { env: [{ name: "A", $patch: "delete" }] })).to.deep.equal({
      env: [{ name: "B" }],
    });
    const operations = [
      { op: "test", path: "/ports/0/port", value: 80 },
      { op: "remove", path: "/ports/0/nodePort" },
      { op: "add", path: "/ports/-", value: { port: 443 } },
    ];
    expect(jsonPatch({ ports }, operations)).to.deep.equal({
      ports: [{ port: 80, protocol: "TCP" }, { port: 443 }],
    });
  });

  it("chooses by labels and fields", () => {
    const object = { metadata: { name: "a", labels: { tier: "x" } }, spec: { nodeName: "worker1" } };
    const chooses = (query: string): boolean | undefined => chosenBy(new URLSearchParams(query))?.(object);
    expect(chooses("labelSelector=tier%3Dx,app!%3Dredis,!role")).to.equal(true);
    expect(chooses("labelSelector=tier+in+(x,y),tier+notin+(z)")).to.equal(true);
    expect(chooses("labelSelector=tier+in+(z)")).to.equal(false);
    expect(chooses("fieldSelector=spec.nodeName%3Dworker1,metadata.name!%3Db")).to.equal(true);
    expect(chooses("fieldSelector=spec.nodeName%3D")).to.equal(false);
  });

  it("rolls a deployment over within its bounds", () => {
    const spec = { replicas: 3, selector: {}, template: { spec: { containers: [] } } };
    const set = (name: string, replicas: number, available: number): ReplicaSet => ({
      metadata: { name },
      spec: { ...spec, replicas },
      status: { replicas, availableReplicas: available },
    });
    const deployment: Deployment = { metadata: { name: "d" }, spec };
    const scales = (newest: ReplicaSet | undefined, old: ReplicaSet): unknown => {
      const sets = newest === undefined ? [old] : [old, newest];
      const { fresh, changes } = nextScales(deployment, newest, sets);
      return { fresh, changes: changes.map(({ set, replicas }) => [set.metadata.name, replicas]) };
    };
    expect(scales(undefined, set("old", 3, 3))).to.deep.equal({ fresh: 1, changes: [["old", 2]] });
    expect(scales(set("new", 1, 0), set("old", 2, 2))).to.deep.equal({ fresh: 2, changes: [["new", 2]] });
    expect(scales(set("new", 2, 2), set("old", 2, 2))).to.deep.equal({ fresh: 2, changes: [["old", 0]] });
    expect(scales(set("new", 2, 2), set("old", 0, 0))).to.deep.equal({ fresh: 3, changes: [["new", 3]] });
  });

  it("puts a pod where the fewest of its kind are, and nowhere when no node is ready", () => {
    const node = (name: string, status: "True" | "Unknown"): Node => ({
      metadata: { name },
      status: { conditions: [{ type: "Ready", status }] },
    });
    const pod = (app: string, nodeName = ""): Pod => ({
      metadata: { name: app, namespace: "default", labels: { app } },
      spec: { containers: [], nodeName },
    });
    const service = { metadata: { name: "s", namespace: "default" }, spec: { selector: { app: "web" } } };
    const placed = [pod("web", "worker1"), pod("db", "worker2"), pod("db", "worker2")];
    const ready = [node("worker1", "True"), node("worker2", "True")];
    expect(nodeFor(pod("web"), ready, placed, [service])).to.equal("worker2");
    expect(nodeFor(pod("other"), ready, placed, [service])).to.equal("worker1");
    expect(nodeFor(pod("web"), [node("worker1", "Unknown")], placed, [service])).to.equal(undefined);
  });
});
