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
export const ports: Record<Role, readonly ExpectedPort[]> = {
  master: [
    { protocol: "tcp", port: 2379, scope: "every", process: "etcd", watched: "etcd listener" },
    { protocol: "tcp", port: 2380, scope: "loopback", process: "etcd", watched: "etcd peers" },
    {
      protocol: "tcp",
      port: 8080,
      scope: "every",
      process: "kube-apiserver",
      watched: "kube-apiserver listener",
    },
    { protocol: "tcp", port: 6443, scope: "every", process: "kube-apiserver", watched: "kube-apiserver tls" },
    {
      protocol: "tcp",
      port: 10251,
      scope: "every",
      process: "kube-scheduler",
      watched: "kube-scheduler listener",
    },
    {
      protocol: "tcp",
      port: 10252,
      scope: "every",
      process: "kube-controller-manager",
      watched: "kube-controller-manager listener",
    },
  ],
  worker: [
    { protocol: "tcp", port: 10250, scope: "every", process: "kubelet", watched: "kubelet listener" },
    { protocol: "tcp", port: 10255, scope: "every", process: "kubelet", watched: "kubelet listener" },
    { protocol: "tcp", port: 4194, scope: "every", process: "kubelet", watched: "kubelet listener" },
    { protocol: "tcp", port: 10248, scope: "loopback", process: "kubelet", watched: "kubelet listener" },
    {
      protocol: "tcp",
      port: 10249,
      scope: "loopback",
      process: "kube-proxy",
      watched: "kube-proxy listener",
    },
    // The vxlan socket is the kernel's own.
    { protocol: "udp", port: 8472, scope: "every", watched: "flannel.1" },
  ],
};
