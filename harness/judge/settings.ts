/** What specs watch, and what governs it. */
interface Governed {
  /** How messages name it, after the machine. */
  noun: string;
  /** The systemd unit behind it; on the master where `master` says so, else on the machine itself. */
  unit?: string;
  master?: true;
  /** The settings, by the names they have in the templates under provision/, the likeliest first. */
  names: readonly string[];
}

const governed = {
  repositories: { noun: "repositories", names: ["gpgcheck", "repo_gpgcheck", "baseurl"] },
  "local packages": { noun: "yum", names: ["localpkg_gpgcheck"] },
  "kept packages": { noun: "kept packages", names: ["keepcache"] },
  keys: { noun: "imported keys", names: ["trust"] },
  packages: { noun: "packages", names: ["packages"] },
  controls: { noun: "control packages", names: ["gpgcheck"] },
  firewalld: { noun: "firewalld", unit: "firewalld", names: ["firewalld"] },
  listeners: { noun: "listeners", names: [] },

  etcd: { noun: "etcd", unit: "etcd", names: ["ETCD_LISTEN_CLIENT_URLS"] },
  "etcd peers": { noun: "etcd", unit: "etcd", names: [] },
  "etcd advertised": { noun: "etcd", unit: "etcd", names: ["ETCD_ADVERTISE_CLIENT_URLS"] },
  "etcd name": { noun: "etcd", unit: "etcd", names: ["ETCD_NAME"] },
  "kube-apiserver": {
    noun: "kube-apiserver",
    unit: "kube-apiserver",
    names: ["KUBE_API_ADDRESS", "KUBE_ETCD_SERVERS"],
  },
  "kube-apiserver tls": { noun: "kube-apiserver", unit: "kube-apiserver", names: ["KUBE_API_ARGS"] },
  "kube-controller-manager": {
    noun: "kube-controller-manager",
    unit: "kube-controller-manager",
    names: ["KUBE_CONTROLLER_MANAGER_ARGS"],
  },
  "kube-scheduler": { noun: "kube-scheduler", unit: "kube-scheduler", names: [] },
  docker: { noun: "docker", unit: "docker", names: [] },
  kubelet: { noun: "kubelet", unit: "kubelet", names: ["KUBELET_ADDRESS", "KUBELET_ARGS"] },
  "kube-proxy": { noun: "kube-proxy", unit: "kube-proxy", names: ["KUBE_MASTER", "KUBE_PROXY_ARGS"] },
  flanneld: {
    noun: "flanneld",
    unit: "flanneld",
    names: ["FLANNEL_ETCD_ENDPOINTS", "FLANNEL_ETCD_PREFIX", "FLANNEL_OPTIONS"],
  },

  "flannel network": { noun: "flannel's network", unit: "etcd", names: ["Network"] },
  lease: {
    noun: "lease",
    unit: "flanneld",
    names: ["FLANNEL_ETCD_PREFIX", "FLANNEL_ETCD_ENDPOINTS", "FLANNEL_OPTIONS"],
  },
  "flannel.1": { noun: "flannel.1", unit: "flanneld", names: ["FLANNEL_OPTIONS", "VNI"] },
  "subnet.env": { noun: "subnet.env", unit: "flanneld", names: ["FLANNEL_OPTIONS"] },
  docker0: { noun: "docker0", unit: "docker", names: [] },
  forwarding: { noun: "iptables FORWARD", unit: "docker", names: ["FORWARD", "net.ipv4.ip_forward"] },
  overlay: { noun: "overlay", unit: "flanneld", names: ["FLANNEL_OPTIONS", "FORWARD"] },

  node: { noun: "node", unit: "kubelet", names: ["KUBELET_API_SERVER", "KUBELET_HOSTNAME"] },
  "node address": { noun: "node", unit: "kubelet", names: ["KUBELET_HOSTNAME"] },
  "component scheduler": { noun: "component scheduler", unit: "kube-scheduler", names: ["KUBE_MASTER"] },
  "component controller-manager": {
    noun: "component controller-manager",
    unit: "kube-controller-manager",
    names: ["KUBE_MASTER"],
  },
  "component etcd": { noun: "component etcd", unit: "etcd", names: ["KUBE_ETCD_SERVERS"] },
  "service-account key": { noun: "service-account key", unit: "kube-apiserver", names: ["KUBE_API_ARGS"] },
  token: {
    noun: "default service account",
    unit: "kube-controller-manager",
    names: ["KUBE_CONTROLLER_MANAGER_ARGS", "KUBE_API_ARGS"],
  },

  "guestbook services": {
    noun: "guestbook's services",
    unit: "kube-apiserver",
    names: ["KUBE_SERVICE_ADDRESSES"],
  },
  "guestbook pods": {
    noun: "guestbook's pods",
    unit: "kube-controller-manager",
    master: true,
    names: ["KUBE_CONTROLLER_MANAGER_ARGS", "KUBELET_POD_INFRA_CONTAINER", "KUBE_ADMISSION_CONTROL"],
  },
  "guestbook's page": { noun: "NodePort", unit: "kube-proxy", names: ["KUBE_MASTER", "FORWARD"] },
  message: { noun: "guestbook's message", unit: "kube-proxy", names: ["GET_HOSTS_FROM"] },
} as const satisfies Record<string, Governed>;

export type Watched = keyof typeof governed;

/** What each watched thing is governed by: which spec watches which setting, written down once. */
export const settings: Record<Watched, Governed> = governed;
