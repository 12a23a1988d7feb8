import type { Results, TimeResult } from "../../harness/report/results/schema.ts";
import { facts, machines, picture, workers } from "./machines.ts";
import { png } from "./png.ts";
import { suite } from "./suite.ts";

const stage = (name: string, at: number, seconds: number, summary: string): Results["stages"][number] => ({
  name,
  status: "done",
  startedAt: new Date(Date.parse("2026-11-23T05:35:00.000Z") + at * 1000).toISOString(),
  ms: seconds * 1000,
  summary,
});

const time = (
  kind: TimeResult["kind"],
  what: string,
  seconds: number,
  median?: number,
  change: TimeResult["change"] = "usual",
): TimeResult => ({
  what,
  kind,
  ms: seconds * 1000,
  runs: median === undefined ? 1 : 9,
  change: median === undefined ? "new" : change,
  ...(median === undefined ? {} : { median: median * 1000 }),
});

/** A run in which everything holds. */
export const green: Results = {
  version: 3,
  verdict: "works",
  exitCode: 0,
  causes: [],
  lab: {
    name: "embedded",
    file: "labs/embedded.yaml",
    summary:
      "emulated Debian machines with yum, rpm, etcd and docker; flannel and Kubernetes 1.5.2 as released, or stand-ins",
    chosen: "no vmx or svm in /proc/cpuinfo",
    driver: "emulated: no /dev/kvm",
  },
  run: {
    id: "2026-11-23T05-35-00-embedded-d51b97",
    label: "hardway-embedded-d51b97",
    startedAt: "2026-11-23T05:35:00.000Z",
    endedAt: "2026-11-23T05:38:07.200Z",
    replay: false,
    revision: 1,
  },
  templates: {
    folder: "provision",
    digest: "5b1f8c2d9e4a7036f1c8d2b3a4958677e0d1c2b3a4f5968778695a4b3c2d1e0f",
    changedSince: false,
  },
  tools: { node: "20.19.5", vagrant: "2.3.4", "vagrant-libvirt": "0.11.2", libvirt: "9.0.0", qemu: "7.2.17" },
  stages: [
    stage("prepare", 0, 0.9, "all parts are there"),
    stage("box", 0.9, 0.1, "hardway/embedded 0.20b1d6d0b41a, its sum signed by testbed"),
    stage("render", 1, 0.1, "31 files for 3 machines"),
    stage("namespace", 1.1, 2.1, "hardway-embedded-d51b97, with a libvirtd of its own"),
    stage("up", 3.2, 41, "3 machines answer over SSH, qemu"),
    stage("provision", 44.2, 80.3, "74 changes"),
    stage("judge", 124.5, 60.1, "every spec passed"),
    stage("down", 184.6, 1.3, "5 machines, volumes and networks removed"),
  ],
  machines,
  images: ["pause:3.0", "redis-master:e2e", "redis-slave:v1", "gb-frontend:v4"].map((name) => ({
    name: `hardway/${name}`,
    kind: "ours",
  })),
  provision: {
    machines: Object.fromEntries(
      machines.map(({ name, role }) => [
        name,
        role === "master"
          ? [
              { kind: "package", what: "kubernetes-master" },
              { kind: "file", what: "/etc/kubernetes/apiserver" },
              { kind: "unit", what: "kube-apiserver" },
            ]
          : [
              { kind: "package", what: "kubernetes-node" },
              { kind: "file", what: "/etc/kubernetes/kubelet" },
              { kind: "image", what: "hardway/pause:3.0" },
            ],
      ]),
    ),
    changed: 9,
    failures: [],
  },
  specs: suite.map((spec) =>
    spec.title.at(-1) === "runs all its pods"
      ? {
          ...spec,
          looks: 12,
          elapsed: 14_200,
          waits: [{ looks: 12, elapsed: 14_200, budget: 300_000 }],
          history: [
            { at: 0, saw: "master guestbook pods: expected 6 pods Running, saw nothing", count: 3 },
            { at: 2600, saw: "master guestbook pods: expected 6 pods Running, saw 4 Pending", count: 8 },
          ],
          lastSeen: "master guestbook pods: expected 6 pods Running, saw 4 Pending",
        }
      : spec,
  ),
  facts,
  picture,
  times: [
    time("stage", "up", 41, 38.2),
    time("stage", "provision", 80.3, 52.4, "slower"),
    time("stage", "judge", 60.1, 71.9, "faster"),
    time("stage", "down", 1.3),
    ...workers.map((worker) => time("convergence", `${worker}/node`, 4.4, 4.1)),
    time("convergence", "guestbook", 14.2),
  ],
  rounds: 1,
  screenshots: workers.map((machine) => ({
    title: "the guestbook with the message that was posted",
    machine,
    url: "http://10.146.47.110:30126/",
    png: png(640, 400),
  })),
};

/** No stand-ins, no images of ours: the real thing, on KVM. */
export const real: Results = {
  ...green,
  lab: {
    ...green.lab,
    name: "centos7",
    file: "labs/centos7.yaml",
    summary: "CentOS 7 machines on KVM",
    driver: "KVM",
  },
  machines: machines.map((machine) => ({
    ...machine,
    system: { os: "CentOS Linux 7 (Core)", kernel: "3.10.0-1160.el7.x86_64" },
    parts: [],
  })),
  images: [{ name: "registry/redis:e2e", kind: "registry" }],
};
