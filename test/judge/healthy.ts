import type { Asked, Output } from "../../harness/facts/fact.ts";
import { completeLab } from "../../harness/lab/complete.ts";
import { loadLab } from "../../harness/lab/load.ts";
import type { MachineFile } from "../../harness/lab/schema.ts";
import { failed, type Answers } from "./recorded.ts";

const fingerprint = "943286CB7B9DE733A8A01AD5E1A8EAC8A611E8A3";
const signature = `RSA/SHA256, Mon Nov 23 04:05:06 2026, Key ID ${fingerprint.slice(-16).toLowerCase()}`;

/** The embedded lab, as if prepared. */
export const embedded = async () =>
  completeLab(
    await loadLab("embedded"),
    { folder: "/published", fingerprints: { testbed: fingerprint } },
    "http://10.146.47.1:8180",
  );

const http = (body: string, status = 200): string => `${body}\n${status}`;

/** `systemctl show` where all is well. */
export function unitText({ args: [name = ""] }: Asked): string {
  const state =
    name === "firewalld"
      ? "Id=firewalld.service\nLoadState=masked\nUnitFileState=masked\nActiveState=inactive\nSubState=dead\nResult=success\nExecMainStatus=0\nExecMainStartTimestampMonotonic=0\nExecMainExitTimestamp="
      : `Id=${name}.service\nLoadState=loaded\nUnitFileState=enabled\nActiveState=active\nSubState=running\nResult=success\nExecMainStatus=0\nExecMainStartTimestampMonotonic=20123456\nExecMainExitTimestamp=`;
  return `95.31\n${state}\n`;
}

const header = "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess";
const box = `tcp   LISTEN 0      128          0.0.0.0:22         0.0.0.0:*    users:(("sshd",pid=401,fd=3))
udp   UNCONN 0      0      192.168.147.12%eth0:68       0.0.0.0:*    users:(("systemd-network",pid=211,fd=18))`;
const socket = (address: string, process: string) =>
  `tcp   LISTEN 0      511  ${address}      0.0.0.0:*    users:(("${process}",pid=700,fd=19))`;

/** `ss`'s table on a worker; while the guestbook is there, with its NodePort. */
export const workerListeners = (nodePort?: number): string =>
  [
    header,
    box,
    "udp   UNCONN 0      0            0.0.0.0:8472       0.0.0.0:*",
    ...["*:10250", "*:10255", "*:4194", "127.0.0.1:10248"].map((address) => socket(address, "kubelet")),
    socket("127.0.0.1:10249", "kube-proxy"),
    ...(nodePort === undefined ? [] : [socket(`*:${nodePort}`, "kube-proxy")]),
  ].join("\n");

const masterListeners = [
  header,
  box,
  socket("*:2379", "etcd"),
  socket("127.0.0.1:2380", "etcd"),
  socket("*:8080", "kube-apiserver"),
  socket("*:6443", "kube-apiserver"),
  socket("*:10251", "kube-scheduler"),
  socket("*:10252", "kube-controller"),
].join("\n");

const rpms: Record<string, string[]> = {
  master: [
    "etcd-3.3.11-2.el7.centos.x86_64",
    "kubernetes-master-1.5.2-0.7.git269f928.el7.x86_64",
    "kubernetes-client-1.5.2-0.7.git269f928.el7.x86_64",
  ],
  worker: [
    "docker-1.13.1-210.git7d71120.el7.centos.x86_64",
    "flannel-0.7.1-4.el7.x86_64",
    "kubernetes-node-1.5.2-0.7.git269f928.el7.x86_64",
  ],
};

const addresses: Record<string, string> = {
  master: "10.146.47.100",
  worker1: "10.146.47.110",
  worker2: "10.146.47.111",
};

function everyMachine({ role }: MachineFile): Answers {
  const files = rpms[role] ?? [];
  const kind = (text: string) => text.replace(/-\d.*$/, "");
  const refused = (of: string, reason: string) => ({
    kind: of,
    package: "hardway-control",
    code: 1,
    output: "",
    installed: false,
    imported: [],
    reason,
  });
  return {
    unit: unitText,
    process: ({ args: [name = ""] }) =>
      `MainPID=812\nExecMainPID=812\n=== args\n/usr/bin/${name}\n=== environment\nLANG=C\n`,
    "unit files": ({ args: [name = ""] }) =>
      `FragmentPath=/usr/lib/systemd/system/${name}.service\nDropInPaths=\nNeedDaemonReload=no\n`,
    "filter table": "-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n",
    sysctl: "1\n",
    "addresses of name": ({ args: [name = ""] }) =>
      `${addresses[name] ?? ""}  STREAM ${name}\n${addresses[name] ?? ""}  DGRAM\n`,
    clock: `${Date.parse("2026-11-23T04:05:06.000Z") / 1000}.250000000\n`,
    system: '5.10.0-cloud-amd64\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    parts:
      '=== /usr/share/hardway-e2e/parts.d/etcd.json\n{"name":"etcd","kind":"real","version":"3.4.23","origin":"Debian etcd-server"}\n',
    repositories: `/usr/bin/dnf-3
/etc/dnf/dnf.conf:[main]
/etc/dnf/dnf.conf:gpgcheck=1
/etc/dnf/dnf.conf:localpkg_gpgcheck=1
/etc/yum.repos.d/CentOS-Base.repo:[testbed]
/etc/yum.repos.d/CentOS-Base.repo:baseurl=http://10.146.47.1:8180/repository/
/etc/yum.repos.d/CentOS-Base.repo:enabled=1
/etc/yum.repos.d/CentOS-Base.repo:repo_gpgcheck=1
/etc/yum.repos.d/CentOS-Base.repo:gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-hardway-testbed
`,
    "imported keys": `pub:-:2048:1:E1A8EAC8A611E8A3:1795406400:::-:::scSC::::::23::0:\nfpr:::::::::${fingerprint}:\nuid:-::::1795406400::AB::hardway-e2e testbed::::::::::0:\n`,
    packages: files.map((full) => `${kind(full)}\t${full}\t1795407000\t${signature}\n`).join(""),
    "package files": files
      .map((full) => `/var/cache/dnf/testbed-0a/packages/${full}.rpm: digests signatures OK\n`)
      .join(""),
    "signature bypasses": "",
    journal: "",
    http: http("<html>"),
    "control packages": JSON.stringify([
      { kind: "genuine", package: "tree", code: 0, output: "", installed: false, imported: [] },
      refused("unsigned", "unsigned"),
      refused("foreign", "foreign key"),
      refused("tampered", "tampered"),
      refused("damaged", "tampered"),
    ]),
  };
}

const subnets: Record<string, { subnet: string; mac: string }> = {
  worker1: { subnet: "10.241.15", mac: "52:7b:d1:0f:41:b2" },
  worker2: { subnet: "10.241.99", mac: "0e:11:22:33:44:55" },
};

/** What a worker of a healthy lab answers. */
export function worker(machine: MachineFile): Answers {
  const { subnet = "", mac = "" } = subnets[machine.name] ?? {};
  return {
    ...everyMachine(machine),
    listeners: workerListeners(),
    links: `4: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000
    link/ether 52:54:00:aa:bb:cc brd ff:ff:ff:ff:ff:ff promiscuity 0
    inet ${machine.address}/24 scope global eth1
5: flannel.1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN group default
    link/ether ${mac} brd ff:ff:ff:ff:ff:ff promiscuity 0
    vxlan id 1 local ${machine.address} dev eth1 srcport 0 0 dstport 8472 nolearning ageing 300
    inet ${subnet}.0/32 scope global flannel.1
6: docker0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN group default
    link/ether 02:42:5c:aa:bb:cc brd ff:ff:ff:ff:ff:ff promiscuity 0
    inet ${subnet}.1/24 scope global docker0
`,
    routes: `10.241.0.0/16 dev flannel.1\n${subnet}.0/24 dev docker0 proto kernel scope link src ${subnet}.1 linkdown\n`,
    "subnet.env": `FLANNEL_NETWORK=10.241.0.0/16\nFLANNEL_SUBNET=${subnet}.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=false\n`,
    "docker options": `DOCKER_NETWORK_OPTIONS=" --bip=${subnet}.1/24 --ip-masq=true --mtu=1450"\n`,
    process: ({ args: [name = ""] }) =>
      `MainPID=812\nExecMainPID=812\n=== args\n/usr/bin/${name}\n${name === "docker" ? `--bip=${subnet}.1/24\n--ip-masq=true\n--mtu=1450\n` : ""}=== environment\nLANG=C\n`,
    "docker info": '{"ServerVersion":"20.10.24","Driver":"overlay2","CgroupDriver":"cgroupfs"}\n',
    ping: "3 packets transmitted, 3 received, 0% packet loss, time 400ms\n",
    "start probe": `${subnet}.2 4711\n`,
    "http from container": http("<html>"),
    "remove probe": "",
  };
}

const list = (items: object[]): string => http(JSON.stringify({ kind: "List", items }));
const lease = (name: string, address: string) => ({
  key: `/atomic.io/network/subnets/${subnets[name]?.subnet ?? ""}.0-24`,
  value: JSON.stringify({
    PublicIP: address,
    BackendType: "vxlan",
    BackendData: { VtepMAC: subnets[name]?.mac },
  }),
  ttl: 86390,
});

/** flannel's keys in etcd, with these leases. */
export const tree = (...leases: [name: string, address: string][]): string =>
  http(
    JSON.stringify({
      node: {
        key: "/atomic.io/network",
        dir: true,
        nodes: [
          {
            key: "/atomic.io/network/config",
            value:
              '{ "Network": "10.241.0.0/16", "SubnetLen": 24, "Backend": { "Type": "vxlan", "VNI": 1 } }',
          },
          {
            key: "/atomic.io/network/subnets",
            dir: true,
            nodes: leases.map(([name, address]) => lease(name, address)),
          },
        ],
      },
    }),
  );

const node = (name: string, address: string) => ({
  metadata: { name },
  status: {
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "KubeletReady",
        message: "kubelet is posting ready status",
        lastHeartbeatTime: "2026-11-23T04:05:00Z",
      },
    ],
    addresses: [
      { type: "LegacyHostIP", address },
      { type: "InternalIP", address },
      { type: "Hostname", address: name },
    ],
  },
});
const component = (name: string) => ({
  metadata: { name },
  conditions: [{ type: "Healthy", status: "True", message: "ok" }],
});

/** Where pods find the API server. */
export const kubernetesEndpoints = {
  metadata: { name: "kubernetes" },
  subsets: [{ addresses: [{ ip: "10.146.47.100" }], ports: [{ port: 6443 }] }],
};

/** What the master of a healthy lab answers; the guestbook is made, judged and gone in the course of it. */
export function master(machine: MachineFile): Answers {
  return {
    ...everyMachine(machine),
    listeners: masterListeners,
    links:
      "4: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP\n    link/ether 52:54:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n    inet 10.146.47.100/24 scope global eth1\n",
    routes: "10.146.47.0/24 dev eth1 proto kernel scope link src 10.146.47.100\n",
    "etcd health":
      "member 8e9e05c52164694d is healthy: got healthy result from http://10.146.47.100:2379\ncluster is healthy\n",
    "etcd members": http(
      '{"members":[{"id":"8e9e05c52164694d","name":"node0","peerURLs":["http://localhost:2380"],"clientURLs":["http://10.146.47.100:2379"]}]}',
    ),
    "etcd tree": tree(["worker1", "10.146.47.110"], ["worker2", "10.146.47.111"]),
    nodes: list([node("worker1", "10.146.47.110"), node("worker2", "10.146.47.111")]),
    endpoints: list([kubernetesEndpoints]),
    componentstatuses: list(["scheduler", "controller-manager", "etcd-0"].map(component)),
    "key file": "640 root kube\n",
    "default service account's token":
      "secret default-token-x2x4b\nstatus 200\nalgorithm RS256\nsubject system:serviceaccount:default:default\nverdict verified\n",
  };
}

/** A machine's answers changed in places. */
export const but = (answers: Answers, changes: Answers): Answers => ({ ...answers, ...changes });

/** `systemctl show` of a machine on which one unit has failed, as it is told of each unit asked about. */
export const withFailed =
  (broken: string, exitTime: string) =>
  (asked: Asked): string =>
    unitText(asked).replace(
      new RegExp(
        `(Id=${broken}\\.service\\n[^]*?)ActiveState=active\\nSubState=running\\nResult=success([^]*?)ExecMainStatus=0([^]*?)ExecMainExitTimestamp=`,
      ),
      `$1ActiveState=failed\nSubState=failed\nResult=exit-code$2ExecMainStatus=1$3ExecMainExitTimestamp=${exitTime}`,
    );

export const refusedBy = (url: string): Output =>
  failed(7, `curl: (7) Failed connect to ${url}; Connection refused\n`, "\n000");
