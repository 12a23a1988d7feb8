import { expect } from "chai";
import { NotJudged } from "../../harness/errors.ts";
import { http, NoAnswer } from "../../harness/facts/http.ts";
import { componentStatuses, nodes, pods, services } from "../../harness/facts/kubernetes.ts";
import { parsed } from "./parsers.ts";

const api = "http://10.146.47.100:8080";
const list = (items: unknown) =>
  `${JSON.stringify({ kind: "List", apiVersion: "v1", metadata: {}, items })}\n\n200`;

describe("the Kubernetes API", () => {
  it("tells of nodes", () => {
    const node = {
      metadata: { name: "worker1", labels: { "kubernetes.io/hostname": "worker1" } },
      status: {
        conditions: [
          { type: "OutOfDisk", status: "False", reason: "KubeletHasSufficientDisk" },
          {
            type: "Ready",
            status: "Unknown",
            reason: "NodeStatusUnknown",
            message: "Kubelet stopped posting node status.",
            lastHeartbeatTime: "2026-11-23T04:04:24Z",
          },
        ],
        addresses: [
          { type: "LegacyHostIP", address: "10.146.47.110" },
          { type: "InternalIP", address: "10.146.47.110" },
          { type: "Hostname", address: "worker1" },
        ],
      },
    };
    expect(parsed(nodes, list([node]), api)).to.deep.equal([
      {
        name: "worker1",
        ready: false,
        why: "NodeStatusUnknown: Kubelet stopped posting node status.",
        addresses: ["10.146.47.110", "10.146.47.110"],
        heartbeatAge: 42,
      },
    ]);
  });

  it("gives an empty list as null", () => {
    expect(parsed(nodes, list(null), api)).to.deep.equal([]);
  });

  it("tells of components, with what ails one", () => {
    const items = [
      { metadata: { name: "scheduler" }, conditions: [{ type: "Healthy", status: "True", message: "ok" }] },
      {
        metadata: { name: "etcd-0" },
        conditions: [
          { type: "Healthy", status: "False", error: "dial tcp 127.0.0.1:2379: connection refused" },
        ],
      },
    ];
    expect(parsed(componentStatuses, list(items), api)).to.deep.equal([
      { name: "scheduler", healthy: true, why: "ok" },
      { name: "etcd-0", healthy: false, why: "dial tcp 127.0.0.1:2379: connection refused" },
    ]);
  });

  it("tells of pods, scheduled or not", () => {
    const items = [
      {
        metadata: { name: "frontend-1", labels: { app: "guestbook", tier: "frontend" } },
        spec: { nodeName: "worker1" },
        status: {
          phase: "Running",
          podIP: "10.241.15.2",
          conditions: [{ type: "Ready", status: "True" }],
          containerStatuses: [{ restartCount: 2, state: { running: { startedAt: "2026-11-23T04:05:06Z" } } }],
        },
      },
      {
        metadata: { name: "frontend-2", labels: {} },
        spec: {},
        status: {
          phase: "Pending",
          containerStatuses: [{ restartCount: 0, state: { waiting: { reason: "ContainerCreating" } } }],
        },
      },
    ];
    expect(parsed(pods, list(items), api)).to.deep.equal([
      {
        name: "frontend-1",
        labels: { app: "guestbook", tier: "frontend" },
        node: "worker1",
        ip: "10.241.15.2",
        phase: "Running",
        ready: true,
        restarts: 2,
        waiting: "",
      },
      {
        name: "frontend-2",
        labels: {},
        node: undefined,
        ip: undefined,
        phase: "Pending",
        ready: false,
        restarts: 0,
        waiting: "ContainerCreating",
      },
    ]);
  });

  it("tells of services and their NodePorts", () => {
    const items = [
      {
        metadata: { name: "frontend" },
        spec: { type: "NodePort", clusterIP: "10.254.13.37", ports: [{ port: 80, nodePort: 30126 }] },
      },
      {
        metadata: { name: "kubernetes" },
        spec: { type: "ClusterIP", clusterIP: "10.254.0.1", ports: [{ port: 443 }] },
      },
    ];
    expect(
      parsed(services, list(items), api).map(({ name, type, nodePorts }) => [name, type, nodePorts]),
    ).to.deep.equal([
      ["frontend", "NodePort", [30126]],
      ["kubernetes", "ClusterIP", []],
    ]);
  });

  it("judges nothing by an answer that is no list", () => {
    expect(() => parsed(nodes, "<html>\n200", api)).to.throw(NotJudged);
  });

  it("is the cluster's trouble when it answers with an error", () => {
    expect(() => parsed(nodes, "etcd cluster is unavailable\n500", api)).to.throw(
      NoAnswer,
      "saw HTTP 500: etcd cluster is unavailable",
    );
  });
});

describe("an HTTP answer", () => {
  it("has a status and the body as it came", () => {
    expect(parsed(http, '{"data": "a\\nb"}\n\n200', "http://10.146.47.110:30126/")).to.deep.equal({
      status: 200,
      body: '{"data": "a\\nb"}\n',
    });
    expect(parsed(http, "\n404", "http://10.146.47.110:30126/")).to.deep.equal({ status: 404, body: "" });
  });
});
