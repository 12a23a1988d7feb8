import type { Role } from "../lab/schema.ts";

/** What the guide asks yum for. */
export const packagesOf: Record<Role, readonly string[]> = {
  master: ["kubernetes-master", "etcd"],
  worker: ["kubernetes-node", "docker", "flannel"],
};

/** The systemd units of a role, in the order they start. */
export const unitsOf = {
  master: ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"],
  worker: ["flanneld", "docker", "kubelet", "kube-proxy"],
} as const satisfies Record<Role, readonly string[]>;

/** The kernel settings that the guide asks for on a worker, by role. */
export const sysctlsOf: Record<Role, Readonly<Record<string, string>>> = {
  master: {},
  worker: {
    "net.ipv4.ip_forward": "1",
    "net.bridge.bridge-nf-call-iptables": "1",
    "net.bridge.bridge-nf-call-ip6tables": "1",
  },
};

/** Where the guide keeps the key that signs service accounts' tokens. */
export const serviceAccountKey = "/etc/kubernetes/serviceaccount.key";
