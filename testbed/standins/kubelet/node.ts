import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { timestamp, type ApiObject, type Condition } from "../common/objects.ts";

/** What a node's status is made of. */
export interface NodeFacts {
  name: string;
  address: string;
  maxPods: number;
  port: number;
  /** docker's version; undefined while docker is down. */
  docker: string | undefined;
}

export interface NodeObject extends ApiObject {
  spec: { externalID: string; unschedulable?: boolean };
  status: { conditions?: Condition[] } & Record<string, unknown>;
}

/** The node as it registers itself. */
export function newNode(facts: NodeFacts, schedulable: boolean): object {
  return {
    kind: "Node",
    apiVersion: "v1",
    metadata: {
      name: facts.name,
      labels: {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/hostname": facts.name,
      },
      annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
    },
    spec: { externalID: facts.name, ...(!schedulable && { unschedulable: true }) },
    status: statusOfNode(facts, []),
  };
}

/** The whole status; a condition that has not changed since `before` keeps its time of transition. */
export function statusOfNode(facts: NodeFacts, before: Condition[]): NodeObject["status"] {
  const resources = {
    "alpha.kubernetes.io/nvidia-gpu": "0",
    cpu: `${cpus().length}`,
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: `${facts.maxPods}`,
  };
  return {
    capacity: resources,
    allocatable: resources,
    conditions: conditionsOf(facts, before),
    addresses: [
      { type: "LegacyHostIP", address: facts.address },
      { type: "InternalIP", address: facts.address },
      { type: "Hostname", address: facts.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: facts.port } },
    nodeInfo: {
      machineID: read("/etc/machine-id"),
      systemUUID: read("/sys/class/dmi/id/product_uuid"),
      bootID: read("/proc/sys/kernel/random/boot_id"),
      kernelVersion: release(),
      osImage: /^PRETTY_NAME="?([^"\n]*)/m.exec(read("/etc/os-release"))?.[1] ?? "",
      containerRuntimeVersion: `docker://${facts.docker ?? ""}`,
      kubeletVersion: "v1.5.2",
      kubeProxyVersion: "v1.5.2",
      operatingSystem: "linux",
      architecture: "amd64",
    },
  };
}

function conditionsOf({ docker }: NodeFacts, before: Condition[]): Condition[] {
  const now = timestamp();
  const conditions: Condition[] = [
    condition(
      "OutOfDisk",
      "False",
      "KubeletHasSufficientDisk",
      "kubelet has sufficient disk space available",
    ),
    condition(
      "MemoryPressure",
      "False",
      "KubeletHasSufficientMemory",
      "kubelet has sufficient memory available",
    ),
    condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    docker === undefined
      ? condition("Ready", "False", "KubeletNotReady", "container runtime is down")
      : condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
  ];
  return conditions.map((one) => {
    const last = before.find(({ type }) => type === one.type);
    const since = last?.status === one.status ? last.lastTransitionTime : undefined;
    return { ...one, lastHeartbeatTime: now, lastTransitionTime: since ?? now };
  });
}

function condition(type: string, status: "True" | "False", reason: string, message: string): Condition {
  return { type, status, reason, message };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
