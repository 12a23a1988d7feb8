import type { Picture } from "../../harness/report/results/picture.ts";
import type { FactResult, MachineResult } from "../../harness/report/results/schema.ts";

export const workers = ["worker1", "worker2"] as const;
export const names = ["master", ...workers] as const;
const addressOf: Record<string, string> = {
  master: "10.146.47.100",
  worker1: "10.146.47.110",
  worker2: "10.146.47.111",
};
const subnetOf: Record<string, string> = { worker1: "10.241.15", worker2: "10.241.99" };
const port = 30126;

const part = (name: string, kind: "real" | "stand-in", version: string, origin: string) => ({
  name,
  kind,
  version,
  origin,
});

const standIn = (name: string, version: string) =>
  part(name, "stand-in", version, "written for the embedded lab");

/** The machines of the embedded lab, with what was no stock package. */
export const machines: MachineResult[] = names.map((name) => ({
  name,
  role: name === "master" ? "master" : "worker",
  address: addressOf[name] ?? "",
  system: { os: "Debian GNU/Linux 12 (bookworm)", kernel: "6.1.0-37-cloud-amd64" },
  parts:
    name === "master"
      ? [
          part("etcd", "real", "3.4.23", "Debian etcd-server"),
          ...["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map((one) =>
            standIn(one, "1.5.2"),
          ),
        ]
      : [
          part("docker", "real", "20.10.24", "Debian docker.io"),
          standIn("flanneld", "0.7.1"),
          ...["kubelet", "kube-proxy"].map((one) => standIn(one, "1.5.2")),
        ],
}));

const pairs = workers.flatMap((from) => workers.filter((to) => to !== from).map((to) => ({ from, to })));

/** The embedded lab as it is observed where all is well. */
export const picture: Picture = {
  network: "10.146.47.0/24",
  overlay: { network: "10.241.0.0/16", backend: "vxlan", vni: 1 },
  machines: machines.map(({ name, role, address }) => ({
    name,
    role,
    address,
    ...(role === "worker"
      ? { subnet: `${subnetOf[name] ?? ""}.0/24`, docker0: `${subnetOf[name] ?? ""}.1/24`, node: "Ready" }
      : {}),
  })),
  reach: [
    ...pairs.map(({ from, to }) => ({
      from,
      to,
      by: "ping" as const,
      target: `${subnetOf[to] ?? ""}.1`,
      reached: true,
      saw: "3 of 3 answered",
    })),
    ...pairs.map(({ from, to }) => ({
      from,
      to,
      by: "container" as const,
      target: `${subnetOf[to] ?? ""}.2:8080`,
      reached: true,
      saw: "HTTP 200",
    })),
    ...workers.flatMap((to) =>
      names.map((from) => ({
        from,
        to,
        by: "NodePort" as const,
        target: `${addressOf[to] ?? ""}:${port}`,
        reached: true,
        saw: "HTTP 200",
      })),
    ),
  ],
};

const answers = (name: string): Omit<FactResult, "machine" | "at" | "cut">[] => [
  {
    fact: "listeners",
    command: "ss -Hlntup",
    ms: 41,
    code: 0,
    stdout:
      name === "master"
        ? [2379, 8080, 6443, 10251, 10252].map((one) => `tcp LISTEN 0 128 *:${one} *:*`).join("\n")
        : [10250, 10255, 4194].map((one) => `tcp LISTEN 0 128 *:${one} *:* users:(("kubelet"))`).join("\n"),
    stderr: "",
  },
  {
    fact: "units",
    command:
      "systemctl show -p Id,LoadState,ActiveState,SubState,Result etcd kube-apiserver kubelet kube-proxy",
    ms: 63,
    code: 0,
    stdout:
      "Id=kubelet.service\nLoadState=loaded\nActiveState=active\nSubState=running\nResult=success\n".repeat(
        4,
      ),
    stderr: "",
  },
  {
    fact: "links",
    command: "ip -d addr show",
    ms: 17,
    code: 0,
    stdout:
      `5: flannel.1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 state UNKNOWN\n    vxlan id 1 local ${addressOf[name] ?? ""} dev eth1 srcport 0 0 dstport 8472 nolearning\n    inet ${subnetOf[name] ?? "10.241.0"}.0/32 scope global flannel.1\n`.repeat(
        3,
      ),
    stderr: "",
  },
  {
    fact: "forward policy",
    command: "iptables -S FORWARD",
    ms: 12,
    code: 0,
    stdout: "-P FORWARD ACCEPT\n",
    stderr: "",
  },
  {
    fact: "packages",
    command: "rpm -qa --qf '%{NAME}\\t%{NVRA}\\t%{INSTALLTID}\\t%{RSAHEADER:pgpsig}\\n'",
    ms: 812,
    code: 0,
    stdout: Array.from(
      { length: 40 },
      (_, index) =>
        `package-${index}\tpackage-${index}-1.5.2-0.7.el7.x86_64\t1795407000\tRSA/SHA256, Mon Nov 23 04:05:06 2026, Key ID e1a8eac8a611e8a3`,
    ).join("\n"),
    stderr: "",
  },
  {
    fact: "journal",
    command: "journalctl -u kubelet -n 50 -o cat",
    ms: 55,
    code: 0,
    stdout: "Started Kubernetes Kubelet Server.\n",
    stderr: "",
  },
];

/** What the machines answered, four to a fact: a run asks again and again. */
export const facts: FactResult[] = [0, 1, 2, 3].flatMap((round) =>
  names.flatMap((machine) =>
    answers(machine).map((answer, index) => ({
      ...answer,
      machine,
      at: `2026-11-23T05:37:${String(10 + round * 12 + index).padStart(2, "0")}.000Z`,
      cut: answer.fact === "packages",
    })),
  ),
);

/** The indexes of what a machine answered to a question. */
export const factsOf = (machine: string, fact: string): number[] =>
  facts.flatMap((one, index) => (one.machine === machine && one.fact === fact ? [index] : []));
