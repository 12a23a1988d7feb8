import type { Place, Watched } from "./settings.ts";

/**
 * What each watched thing rests on: the one graph by which a cause is told from its symptoms. A thing is judged only
 * while all it rests on holds. Drawn in docs/grounds.md, from here.
 */
export const grounds: Record<Watched, readonly Place<Watched>[]> = {
  repositories: [],
  "local packages": [],
  "kept packages": [],
  keys: [],
  packages: [],
  controls: ["repositories", "keys"],
  firewalld: [],
  boot: [],
  // A daemon on another port than its own is told once, where it is missing.
  listeners: [
    "etcd listener",
    "kube-apiserver listener",
    "kube-scheduler listener",
    "kube-controller-manager listener",
    "kubelet listener",
    "kube-proxy listener",
    "flannel.1",
  ],

  etcd: [],
  "etcd listener": ["etcd"],
  "etcd peers": ["etcd"],
  "etcd health": ["etcd listener"],
  "etcd advertised": ["etcd listener"],
  "etcd name": ["etcd listener"],
  "service-account key": [],
  // It reaches etcd on the master itself: etcd's listener beyond loopback is no ground of it.
  "kube-apiserver": ["etcd", "service-account key"],
  "kube-apiserver listener": ["kube-apiserver"],
  "kube-apiserver tls": ["kube-apiserver"],
  "kube-controller-manager": ["kube-apiserver", "service-account key"],
  "kube-controller-manager listener": ["kube-controller-manager"],
  "kube-scheduler": ["kube-apiserver"],
  "kube-scheduler listener": ["kube-scheduler"],

  "flannel network": ["master:etcd listener"],
  flanneld: ["master:etcd listener", "master:etcd health", "master:flannel network"],
  lease: ["flanneld"],
  "lease address": ["lease"],
  "stale leases": ["workers:lease address"],
  "flannel.1": ["lease address"],
  "subnet.env": ["lease address"],
  docker: ["flanneld"],
  docker0: ["docker", "subnet.env"],
  forwarding: ["docker"],
  overlay: ["workers:docker0", "workers:flannel.1"],
  "container network": ["overlay", "workers:forwarding"],

  kubelet: ["docker"],
  "kubelet listener": ["kubelet"],
  "kube-proxy": [],
  "kube-proxy listener": ["kube-proxy"],
  node: ["kubelet", "master:kube-apiserver listener"],
  "node name": ["kubelet"],
  "node address": ["node", "node name"],
  nodes: ["workers:node", "workers:node name"],
  "component scheduler": ["kube-scheduler listener", "kube-apiserver listener"],
  "component controller-manager": ["kube-controller-manager listener", "kube-apiserver listener"],
  "component etcd": ["etcd health", "kube-apiserver listener"],
  token: ["kube-controller-manager", "kube-apiserver listener", "service-account key"],
  "token accepted": ["token", "kube-apiserver tls"],

  "guestbook objects": ["kube-apiserver listener"],
  "guestbook services": ["guestbook objects"],
  "guestbook pods": [
    "guestbook objects",
    "token",
    "kube-scheduler",
    "workers:node",
    "workers:node name",
    "workers:docker0",
  ],
  NodePort: ["kube-proxy", "master:kube-apiserver listener", "master:guestbook services"],
  "guestbook's page": ["NodePort", "master:guestbook pods", "workers:container network"],
  message: ["workers:guestbook's page"],
  "guestbook gone": ["master:guestbook pods"],
};
