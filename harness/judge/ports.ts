import { fixedPorts } from "../lab/ports.ts";
import type { Lab } from "../lab/lab.ts";
import type { Role } from "../lab/schema.ts";
import type { ComponentName } from "./cluster.ts";

/** A port that must be listened on. */
export interface ExpectedPort {
  protocol: "tcp" | "udp";
  port: number;
  /** every: IPv4 on any address of the machine; loopback: reached from the machine alone. */
  scope: "every" | "loopback";
  /** The program that owns it; none for the kernel's own sockets. */
  process?: string;
  watched: ComponentName;
}

/** What listens on a working cluster (facts/centos7.md §6, facts/kubernetes-1.5.2.md §a), NodePorts apart. */
export function portsOf({ ports }: Pick<Lab, "ports">): Record<Role, readonly ExpectedPort[]> {
  const { etcd, apiserver, kubelet, vxlan } = ports;
  const tcp = (
    port: number,
    scope: ExpectedPort["scope"],
    process: string,
    watched: ComponentName,
  ): ExpectedPort => ({
    protocol: "tcp",
    port,
    scope,
    process,
    watched,
  });
  return {
    master: [
      tcp(etcd.client, "every", "etcd", "etcd listener"),
      tcp(etcd.peer, "loopback", "etcd", "etcd peers"),
      tcp(apiserver.insecure, "every", "kube-apiserver", "kube-apiserver listener"),
      tcp(apiserver.secure, "every", "kube-apiserver", "kube-apiserver tls"),
      tcp(fixedPorts.scheduler, "every", "kube-scheduler", "kube-scheduler listener"),
      tcp(
        fixedPorts.controllerManager,
        "every",
        "kube-controller-manager",
        "kube-controller-manager listener",
      ),
    ],
    worker: [
      tcp(kubelet.secure, "every", "kubelet", "kubelet listener"),
      tcp(kubelet.readOnly, "every", "kubelet", "kubelet listener"),
      tcp(kubelet.cadvisor, "every", "kubelet", "kubelet listener"),
      tcp(kubelet.health, "loopback", "kubelet", "kubelet listener"),
      tcp(fixedPorts.proxyHealth, "loopback", "kube-proxy", "kube-proxy listener"),
      // The vxlan socket is the kernel's own.
      { protocol: "udp", port: vxlan, scope: "every", watched: "vxlan device" },
    ],
  };
}
