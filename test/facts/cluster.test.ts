import { expect } from "chai";
import { ClusterBroken, NotJudged } from "../../harness/errors.ts";
import { dockerInfo } from "../../harness/facts/docker.ts";
import { etcdHealth, etcdMembers, etcdTree } from "../../harness/facts/etcd.ts";
import { dockerOptions, leasesIn, subnetEnv } from "../../harness/facts/flannel.ts";
import { http, NoAnswer } from "../../harness/facts/http.ts";
import { telling } from "../../harness/facts/journal.ts";
import { componentStatuses, nodes, pods, services } from "../../harness/facts/kubernetes.ts";
import { machineParts } from "../../harness/facts/parts.ts";
import { system } from "../../harness/facts/system.ts";
import { units } from "../../harness/facts/units.ts";
import { parsed } from "./parsers.ts";

const api = "http://10.146.47.100:8080";
const etcd = "http://10.146.47.100:2379";
const list = (items: unknown) =>
  `${JSON.stringify({ kind: "List", apiVersion: "v1", metadata: {}, items })}\n\n200`;

describe("units", () => {
  it("are read in the order asked, with their age", () => {
    const text = `98.50
Id=etcd.service
LoadState=loaded
UnitFileState=enabled
ActiveState=active
SubState=running
Result=success
MainPID=812
ExecMainStatus=0
ExecMainStartTimestampMonotonic=20500000
ExecMainExitTimestamp=

Id=firewalld.service
LoadState=not-found
ActiveState=inactive
SubState=dead
`;
    const [one, firewalld] = parsed(units, text, "etcd", "firewalld");
    expect(one).to.deep.equal({
      name: "etcd",
      load: "loaded",
      file: "enabled",
      active: "active",
      sub: "running",
      result: "success",
      mainPid: 812,
      exitStatus: 0,
      started: 20.5,
      age: 78,
      ended: "",
    });
    expect(firewalld).to.include({ load: "not-found", active: "inactive", file: "" });
  });

  it("judge nothing without systemd", () => {
    expect(() => parsed(units, { stdout: "98.50\n", code: 1 }, "etcd", "docker")).to.throw(NotJudged);
  });
});

describe("a journal's telling lines", () => {
  it("are the daemon's own words on what is wrong, each once, without header and routine", () => {
    const lines = [
      "Starting Flanneld overlay address etcd agent...",
      "E1123 04:05:06.000001    812 network.go:102] failed to retrieve network config: 100: Key not found (/coreos.com) [2384]",
      "E1123 04:05:07.000001    812 network.go:102] failed to retrieve network config: 100: Key not found (/coreos.com) [2384]",
      "Failed to start certificate controller: open /etc/kubernetes/ca/ca.pem: no such file or directory",
      "flanneld.service: Main process exited, code=exited, status=1/FAILURE",
      "Unit flanneld.service entered failed state.",
      "flanneld.service failed.",
      "Failed to start Flanneld overlay address etcd agent.",
    ];
    expect(telling(lines, 3)).to.deep.equal([
      "failed to retrieve network config: 100: Key not found (/coreos.com) [2384]",
    ]);
  });
});

describe("etcd", () => {
  const healthy =
    "member 8e9e05c52164694d is healthy: got healthy result from http://10.146.47.100:2379\ncluster is healthy\n";

  it("is healthy by what etcdctl says and how it exits", () => {
    expect(parsed(etcdHealth, healthy, etcd)).to.deep.equal({ healthy: true, verdict: "cluster is healthy" });
    expect(
      parsed(
        etcdHealth,
        {
          stdout: "cluster may be unhealthy: failed to list members\n",
          stderr: "Error:  client: etcd cluster is unavailable\n",
          code: 4,
        },
        etcd,
      ),
    ).to.deep.equal({
      healthy: false,
      verdict: "cluster may be unhealthy: failed to list members",
    });
  });

  it("tells its members", () => {
    const text =
      '{"members":[{"id":"8e9e05c52164694d","name":"node0","peerURLs":["http://localhost:2380"],"clientURLs":["http://10.146.47.100:2379"]}]}\n\n200';
    expect(parsed(etcdMembers, text, etcd)).to.deep.equal([
      { name: "node0", peerURLs: ["http://localhost:2380"], clientURLs: [etcd] },
    ]);
  });

  const tree = `{"action":"get","node":{"key":"/atomic.io/network","dir":true,"nodes":[{"key":"/atomic.io/network/config","value":"{ \\"Network\\": \\"10.241.0.0/16\\" }","modifiedIndex":4,"createdIndex":4},{"key":"/atomic.io/network/subnets","dir":true,"nodes":[{"key":"/atomic.io/network/subnets/10.241.15.0-24","value":"{\\"PublicIP\\":\\"10.146.47.110\\",\\"BackendType\\":\\"vxlan\\",\\"BackendData\\":{\\"VtepMAC\\":\\"52:7B:d1:0f:41:b2\\"}}","expiration":"2026-11-24T05:33:23.330316282Z","ttl":86400,"modifiedIndex":5,"createdIndex":5}],"modifiedIndex":5,"createdIndex":5}],"modifiedIndex":4,"createdIndex":4}}

200`;

  it("holds flannel's configuration and leases", () => {
    const keys = parsed(etcdTree, tree, etcd, "/atomic.io/network");
    expect(keys[0]).to.deep.equal({
      key: "/atomic.io/network/config",
      value: '{ "Network": "10.241.0.0/16" }',
      ttl: undefined,
    });
    expect(leasesIn(keys, "/atomic.io/network")).to.deep.equal([
      {
        subnet: "10.241.15.0/24",
        publicIp: "10.146.47.110",
        backend: "vxlan",
        vtepMac: "52:7b:d1:0f:41:b2",
        ttl: 86400,
      },
    ]);
  });

  it("holds nothing under a prefix that is not there", () => {
    expect(
      parsed(
        etcdTree,
        '{"errorCode":100,"message":"Key not found","cause":"/nope","index":5}\n\n404',
        etcd,
        "/nope",
      ),
    ).to.deep.equal([]);
  });

  it("that does not answer is the cluster's trouble, not ours", () => {
    const refused = {
      stdout: "\n000",
      stderr: "curl: (7) Failed connect to 10.146.47.100:2379; Connection refused\n",
      code: 7,
    };
    expect(() => parsed(etcdTree, refused, etcd, "/atomic.io/network")).to.throw(
      NoAnswer,
      "worker1: expected an answer from http://10.146.47.100:2379/v2/keys/atomic.io/network?recursive=true, saw curl: (7) Failed connect",
    );
  });
});

describe("flannel's files", () => {
  it("are read with and without quotes", () => {
    expect(parsed(subnetEnv, "FLANNEL_NETWORK=10.241.0.0/16\nFLANNEL_SUBNET=10.241.15.1/24\n")).to.deep.equal(
      { FLANNEL_NETWORK: "10.241.0.0/16", FLANNEL_SUBNET: "10.241.15.1/24" },
    );
    expect(
      parsed(
        dockerOptions,
        'DOCKER_OPT_BIP="--bip=10.241.15.1/24"\nDOCKER_NETWORK_OPTIONS=" --bip=10.241.15.1/24 --mtu=1450"\n',
      ),
    ).to.deep.equal({
      DOCKER_OPT_BIP: "--bip=10.241.15.1/24",
      DOCKER_NETWORK_OPTIONS: " --bip=10.241.15.1/24 --mtu=1450",
    });
  });

  it("say nothing where they are not there", () => {
    expect(
      parsed(subnetEnv, { code: 1, stderr: "cat: /run/flannel/subnet.env: No such file or directory" }),
    ).to.deep.equal({});
  });
});

describe("docker", () => {
  it("answers", () => {
    expect(
      parsed(
        dockerInfo,
        '{"ID":"X","ServerVersion":"1.13.1","Driver":"overlay2","CgroupDriver":"systemd"}\n',
      ),
    ).to.include({ ServerVersion: "1.13.1" });
  });

  it("does not answer, whether its client says so in JSON or not", () => {
    const stderr =
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
    expect(() => parsed(dockerInfo, { stderr, code: 1 })).to.throw(
      ClusterBroken,
      "worker1 docker: expected the daemon to answer, saw Cannot connect",
    );
    expect(() =>
      parsed(dockerInfo, { stdout: '{"ServerErrors":["Cannot connect"]}\n', stderr, code: 1 }),
    ).to.throw(ClusterBroken);
  });
});

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

describe("a machine", () => {
  it("tells its system", () => {
    const text =
      '1795407906\n3.10.0-1127.el7.x86_64\nNAME="CentOS Linux"\nPRETTY_NAME="CentOS Linux 7 (Core)"\n';
    expect(parsed(system, text)).to.deep.equal({
      os: "CentOS Linux 7 (Core)",
      kernel: "3.10.0-1127.el7.x86_64",
      clock: 1795407906000,
    });
  });

  it("tells its parts, one or several to a file, and none where all is stock", () => {
    const text =
      '=== /usr/share/hardway-e2e/parts.d/etcd.json\n{"name":"etcd","kind":"real","version":"3.4.23","origin":"Debian"}\n\n=== /usr/share/hardway-e2e/parts.d/k.json\n[{"name":"kubelet","kind":"stand-in","version":"1.5.2","origin":"testbed","sha256":"00"}]\n';
    expect(parsed(machineParts, text)).to.deep.equal([
      { name: "etcd", kind: "real", version: "3.4.23", origin: "Debian" },
      { name: "kubelet", kind: "stand-in", version: "1.5.2", origin: "testbed", sha256: "00" },
    ]);
    expect(parsed(machineParts, "")).to.deep.equal([]);
  });
});
