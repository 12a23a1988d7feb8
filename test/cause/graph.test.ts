import { expect } from "chai";
import { readFile } from "node:fs/promises";
import type { Components } from "../../harness/cause/component.ts";
import { Graph, nodeOf, type Node } from "../../harness/cause/graph.ts";
import { components } from "../../specs/cluster/components.ts";
import { drawing, drawingFile } from "../../specs/cluster/drawing.ts";

const site = { master: { name: "master" }, workers: [{ name: "worker1" }, { name: "worker2" }] };
const graphWith = (...broken: Node[]) =>
  new Graph(components, site, {
    broken: new Map(broken.map((node) => [node, { why: node }])),
    unreached: new Map(),
  });

describe("the graph of components", () => {
  it("is drawn in docs/components.md as it is (npx tsx specs/cluster/drawing.ts draws it anew)", async () => {
    expect(await readFile(drawingFile, "utf8")).to.equal(await drawing());
  });

  it("has no circle", () => {
    const all: Components = components;
    const above = (component: string, path: string[]): void => {
      expect(path, `${component} depends on itself`).to.not.include(component);
      for (const place of all[component]?.dependsOn ?? [])
        above(place.replace(/^(master|workers):/, ""), [...path, component]);
    };
    for (const component of Object.keys(components)) above(component, []);
  });

  it("finds the deepest broken dependency, however far it is", () => {
    const graph = graphWith("worker1/lease", "master/etcd", "worker1/docker0");
    expect(graph.brokenDependency("worker2/guestbook's page")).to.equal("master/etcd");
  });

  it("crosses machines only where the component does", () => {
    const graph = graphWith("worker1/kubelet");
    expect(graph.brokenDependency("worker2/kubelet listener")).to.equal(undefined);
    expect(graph.brokenDependency("worker2/node")).to.equal(undefined);
    expect(graph.brokenDependency("master/nodes")).to.equal("worker1/kubelet");
  });

  it("does not take a broken component for its own dependency", () => {
    expect(graphWith("worker1/kubelet").brokenDependency("worker1/kubelet")).to.equal(undefined);
  });

  it("lets a unit that was never started depend on what kept it from it", () => {
    const cause = nodeOf("worker1", "flanneld");
    const graph = new Graph(components, site, {
      broken: new Map([[cause, { why: "it did not come up" }]]),
      unreached: new Map([[nodeOf("worker1", "kube-proxy"), cause]]),
    });
    expect(graph.brokenDependency("worker1/kube-proxy listener")).to.equal(cause);
    expect(graph.brokenDependency("worker2/kube-proxy listener")).to.equal(undefined);
  });
});
