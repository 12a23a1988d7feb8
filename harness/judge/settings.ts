/** What specs watch, and what governs it. */
interface Governed {
  /** How messages name it, after the machine. */
  noun: string;
  /**
   * The systemd units whose logs tell of it, the one that answers for it first: on the machine itself, on the master
   * or on every worker.
   */
  units?: readonly Place<string>[];
  /** The settings, by the names they have in the templates under provision/, the likeliest first. */
  names: readonly string[];
}

/** Something on the same machine, on the master, or on every worker. */
export type Place<T extends string> = T | `master:${T}` | `workers:${T}`;

const governed = {
  repositories: { noun: "repositories", names: ["gpgcheck", "repo_gpgcheck", "baseurl"] },
  "local packages": { noun: "yum", names: ["localpkg_gpgcheck"] },
  "kept packages": { noun: "kept packages", names: ["keepcache"] },
  keys: { noun: "imported keys", names: ["trust"] },
  packages: { noun: "packages", names: ["packages"] },
  controls: { noun: "control packages", names: ["gpgcheck"] },
  firewalld: { noun: "firewalld", units: ["firewalld"], names: ["firewalld"] },
  listeners: { noun: "listeners", names: [] },
  boot: { noun: "", names: [] },

  etcd: { noun: "etcd", units: ["etcd"], names: ["ETCD_DATA_DIR", "ETCD_NAME"] },
  "etcd listener": { noun: "etcd", units: ["etcd"], names: ["ETCD_LISTEN_CLIENT_URLS"] },
  "etcd peers": { noun: "etcd", units: ["etcd"], names: [] },
  "etcd health": { noun: "etcd", units: ["etcd"], names: ["ETCD_ADVERTISE_CLIENT_URLS"] },
  "etcd advertised": { noun: "etcd", units: ["etcd"], names: ["ETCD_ADVERTISE_CLIENT_URLS"] },
  "etcd name": { noun: "etcd", units: ["etcd"], names: ["ETCD_NAME"] },
  "kube-apiserver": {
    noun: "kube-apiserver",
    units: ["kube-apiserver"],
    names: ["KUBE_ETCD_SERVERS", "KUBE_API_ARGS", "KUBE_ADMISSION_CONTROL", "KUBE_SERVICE_ADDRESSES"],
  },
  "kube-apiserver listener": {
    noun: "kube-apiserver",
    units: ["kube-apiserver"],
    names: ["KUBE_API_ADDRESS"],
  },
  "kube-apiserver tls": { noun: "kube-apiserver", units: ["kube-apiserver"], names: ["KUBE_API_ARGS"] },
  "kube-controller-manager": {
    noun: "kube-controller-manager",
    units: ["kube-controller-manager"],
    names: ["KUBE_MASTER", "KUBE_CONTROLLER_MANAGER_ARGS"],
  },
  "kube-controller-manager listener": {
    noun: "kube-controller-manager",
    units: ["kube-controller-manager"],
    names: ["KUBE_CONTROLLER_MANAGER_ARGS"],
  },
  "kube-scheduler": { noun: "kube-scheduler", units: ["kube-scheduler"], names: ["KUBE_MASTER"] },
  "kube-scheduler listener": { noun: "kube-scheduler", units: ["kube-scheduler"], names: ["KUBE_MASTER"] },
  docker: { noun: "docker", units: ["docker"], names: ["unit: docker"] },
  kubelet: { noun: "kubelet", units: ["kubelet"], names: ["KUBELET_ARGS"] },
  "kubelet listener": { noun: "kubelet", units: ["kubelet"], names: ["KUBELET_ADDRESS", "KUBELET_ARGS"] },
  "kube-proxy": { noun: "kube-proxy", units: ["kube-proxy"], names: ["KUBE_PROXY_ARGS", "KUBE_MASTER"] },
  "kube-proxy listener": { noun: "kube-proxy", units: ["kube-proxy"], names: ["KUBE_PROXY_ARGS"] },
  flanneld: {
    noun: "flanneld",
    units: ["flanneld"],
    names: ["FLANNEL_ETCD_PREFIX", "FLANNEL_ETCD_ENDPOINTS", "FLANNEL_OPTIONS"],
  },

  "flannel network": { noun: "flannel's network", units: ["etcd"], names: ["Network"] },
  lease: { noun: "lease", units: ["flanneld"], names: ["FLANNEL_ETCD_PREFIX", "FLANNEL_ETCD_ENDPOINTS"] },
  "lease address": { noun: "lease", units: ["flanneld"], names: ["FLANNEL_OPTIONS"] },
  "lease terms": { noun: "lease", units: ["flanneld"], names: ["Network", "SubnetLen", "Type"] },
  "stale leases": { noun: "flannel's network", units: ["etcd"], names: ["stale lease", "FLANNEL_OPTIONS"] },
  "vxlan device": { noun: "{vxlan device}", units: ["flanneld"], names: ["FLANNEL_OPTIONS", "VNI"] },
  "subnet.env": { noun: "subnet.env", units: ["flanneld"], names: ["FLANNEL_OPTIONS"] },
  docker0: { noun: "docker0", units: ["docker", "flanneld"], names: ["unit: docker", "unit: flanneld"] },
  forwarding: {
    noun: "iptables FORWARD",
    units: ["docker"],
    names: ["FORWARD", "net.ipv4.ip_forward"],
  },
  overlay: { noun: "overlay", units: ["flanneld"], names: ["FLANNEL_OPTIONS"] },
  "container network": { noun: "container network", units: ["docker", "flanneld"], names: ["FORWARD"] },

  node: { noun: "node", units: ["kubelet"], names: ["KUBELET_API_SERVER"] },
  "node heard": { noun: "node", units: ["kubelet"], names: ["KUBELET_API_SERVER"] },
  "node name": { noun: "node", units: ["kubelet"], names: ["KUBELET_HOSTNAME"] },
  "node address": { noun: "node", units: ["kubelet"], names: ["KUBELET_HOSTNAME"] },
  nodes: { noun: "nodes", units: ["kube-apiserver"], names: ["KUBELET_HOSTNAME"] },
  "component scheduler": { noun: "component scheduler", units: ["kube-scheduler"], names: ["KUBE_MASTER"] },
  "component controller-manager": {
    noun: "component controller-manager",
    units: ["kube-controller-manager"],
    names: ["KUBE_MASTER"],
  },
  "component etcd": { noun: "component etcd", units: ["etcd"], names: ["KUBE_ETCD_SERVERS"] },
  "service-account key": {
    noun: "service-account key",
    units: ["kube-apiserver"],
    names: ["chmod", "chown", "openssl genrsa"],
  },
  token: {
    noun: "default service account",
    units: ["kube-controller-manager"],
    names: ["KUBE_CONTROLLER_MANAGER_ARGS", "KUBE_API_ARGS"],
  },
  "token accepted": {
    noun: "default service account",
    units: ["kube-apiserver"],
    names: ["KUBE_API_ARGS", "KUBE_CONTROLLER_MANAGER_ARGS"],
  },

  "guestbook objects": { noun: "guestbook", units: ["kube-apiserver"], names: [] },
  "guestbook services": {
    noun: "guestbook's services",
    units: ["kube-apiserver"],
    names: ["KUBE_SERVICE_ADDRESSES"],
  },
  "guestbook pods": {
    noun: "guestbook's pods",
    units: ["master:kube-controller-manager", "master:kube-scheduler", "workers:kubelet"],
    names: ["KUBELET_POD_INFRA_CONTAINER", "KUBE_ADMISSION_CONTROL", "replicas"],
  },
  "guestbook endpoints": {
    noun: "guestbook's services",
    units: ["kube-controller-manager"],
    names: ["KUBE_CONTROLLER_MANAGER_ARGS"],
  },
  NodePort: { noun: "NodePort", units: ["kube-proxy"], names: ["KUBE_MASTER", "KUBE_PROXY_ARGS"] },
  "guestbook's page": { noun: "NodePort", units: ["kube-proxy"], names: ["FORWARD", "KUBE_PROXY_ARGS"] },
  message: {
    noun: "guestbook's message",
    units: ["kube-proxy"],
    names: ["frontend: GET_HOSTS_FROM", "redis-slave: GET_HOSTS_FROM"],
  },
  "message read": {
    noun: "guestbook's message",
    units: ["kube-proxy"],
    names: ["redis-slave: GET_HOSTS_FROM", "frontend: GET_HOSTS_FROM"],
  },
  "guestbook gone": {
    noun: "guestbook",
    units: ["master:kube-controller-manager", "workers:kubelet"],
    names: ["KUBE_CONTROLLER_MANAGER_ARGS"],
  },
} as const satisfies Record<string, Governed>;

export type Watched = keyof typeof governed;

/** What each watched thing is governed by: which spec watches which setting, written down once. */
export const settings: Record<Watched, Governed> = governed;

/** Whether a name, a unit's for one, is that of something watched. */
export const isWatched = (name: string): name is Watched => name in settings;
