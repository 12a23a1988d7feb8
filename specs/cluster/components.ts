import { defineComponents } from "../../harness/cause/component.ts";

/**
 * What this cluster is made of: for each component its noun, the units that do its work, what it reads besides their
 * files, and what must work before it. The one graph by which a cause is told from its symptoms, and from which the
 * settings that can be behind a failure are derived. Drawn in docs/components.md.
 */
export const components = defineComponents({
  repositories: {
    noun: "repositories",
    reads: ["file /etc/yum.repos.d/*", "file /etc/yum.conf", "step disable-other-repositories"],
  },
  "local packages": { noun: "yum", reads: ["file /etc/yum.conf"] },
  "kept packages": { noun: "kept packages", reads: ["file /etc/yum.conf"] },
  keys: { noun: "imported keys", reads: ["step trust-keys"] },
  packages: {
    noun: "packages",
    reads: ["plan packages", "file /etc/yum.conf", "file /etc/yum.repos.d/*"],
  },
  controls: {
    noun: "control packages",
    reads: ["file /etc/yum.conf", "file /etc/yum.repos.d/*", "step trust-keys"],
    dependsOn: ["repositories", "keys"],
  },
  firewalld: { noun: "firewalld", units: ["firewalld"], reads: ["step no-firewall"] },
  boot: { noun: "", reads: ["plan units"] },
  clock: { noun: "clock" },
  names: { noun: "names", reads: ["file /etc/hosts"] },
  files: { noun: "files", reads: ["step *"] },
  "kernel settings": {
    noun: "kernel settings",
    reads: ["file /etc/sysctl.d/*", "file /etc/modules-load.d/*", "step kernel-settings"],
  },
  input: { noun: "iptables INPUT", reads: ["step *"] },
  // A daemon on the wrong port is reported once, by the spec that misses its own port.
  listeners: {
    noun: "listeners",
    dependsOn: [
      "etcd listener",
      "kube-apiserver listener",
      "kube-scheduler listener",
      "kube-controller-manager listener",
      "kubelet listener",
      "kube-proxy listener",
      "vxlan device",
    ],
  },

  etcd: { noun: "etcd", units: ["etcd"] },
  "etcd listener": { noun: "etcd", units: ["etcd"], dependsOn: ["etcd"] },
  "etcd peers": { noun: "etcd", units: ["etcd"], dependsOn: ["etcd"] },
  "etcd health": { noun: "etcd", units: ["etcd"], dependsOn: ["etcd listener"] },
  "etcd advertised": { noun: "etcd", units: ["etcd"], dependsOn: ["etcd listener"] },
  "etcd name": { noun: "etcd", units: ["etcd"], dependsOn: ["etcd listener"] },

  "service-account key": { noun: "service-account key", reads: ["step service-account-key"] },
  // It reaches etcd on the master itself, so it does not depend on etcd's listener beyond loopback.
  "kube-apiserver": {
    noun: "kube-apiserver",
    units: ["kube-apiserver"],
    dependsOn: ["etcd", "service-account key"],
  },
  "kube-apiserver listener": {
    noun: "kube-apiserver",
    units: ["kube-apiserver"],
    dependsOn: ["kube-apiserver"],
  },
  "kube-apiserver tls": { noun: "kube-apiserver", units: ["kube-apiserver"], dependsOn: ["kube-apiserver"] },
  "kube-controller-manager": {
    noun: "kube-controller-manager",
    units: ["kube-controller-manager"],
    dependsOn: ["kube-apiserver", "service-account key"],
  },
  "kube-controller-manager listener": {
    noun: "kube-controller-manager",
    units: ["kube-controller-manager"],
    dependsOn: ["kube-controller-manager"],
  },
  "kube-scheduler": { noun: "kube-scheduler", units: ["kube-scheduler"], dependsOn: ["kube-apiserver"] },
  "kube-scheduler listener": {
    noun: "kube-scheduler",
    units: ["kube-scheduler"],
    dependsOn: ["kube-scheduler"],
  },

  "flannel network": {
    noun: "flannel's network",
    units: ["etcd"],
    reads: ["file /etc/hardway/flannel-network.json", "step flannel-network"],
    dependsOn: ["master:etcd listener"],
  },
  flanneld: {
    noun: "flanneld",
    units: ["flanneld"],
    dependsOn: ["master:etcd listener", "master:etcd health", "master:flannel network"],
  },
  lease: { noun: "lease", units: ["flanneld"], dependsOn: ["flanneld"] },
  "lease address": { noun: "lease", units: ["flanneld"], dependsOn: ["lease"] },
  "lease terms": {
    noun: "lease",
    units: ["flanneld"],
    reads: ["master:file /etc/hardway/flannel-network.json"],
    dependsOn: ["lease address"],
  },
  "stale leases": {
    noun: "flannel's network",
    units: ["workers:flanneld"],
    reads: ["step stale-leases"],
    dependsOn: ["workers:lease address"],
  },
  "vxlan device": {
    noun: "{vxlan device}",
    units: ["flanneld"],
    reads: ["master:file /etc/hardway/flannel-network.json"],
    dependsOn: ["lease address"],
  },
  "subnet.env": { noun: "subnet.env", units: ["flanneld"], dependsOn: ["lease address"] },
  docker: { noun: "docker", units: ["docker"], dependsOn: ["flanneld"] },
  docker0: { noun: "docker0", units: ["docker", "flanneld"], dependsOn: ["docker", "subnet.env"] },
  "docker options": {
    noun: "docker",
    units: ["docker", "flanneld"],
    dependsOn: ["docker", "subnet.env"],
  },
  forwarding: {
    noun: "iptables FORWARD",
    units: ["docker"],
    reads: ["file /etc/sysctl.d/*", "step *"],
    dependsOn: ["docker"],
  },
  overlay: {
    noun: "overlay",
    units: ["workers:flanneld"],
    reads: ["master:file /etc/hardway/flannel-network.json"],
    dependsOn: ["workers:docker0", "workers:vxlan device"],
  },
  "container network": {
    noun: "container network",
    units: ["workers:docker", "workers:flanneld"],
    reads: ["workers:file /etc/sysctl.d/*", "workers:step kernel-settings"],
    dependsOn: ["overlay", "workers:forwarding", "workers:kernel settings"],
  },

  kubelet: { noun: "kubelet", units: ["kubelet"], dependsOn: ["docker"] },
  "kubelet listener": { noun: "kubelet", units: ["kubelet"], dependsOn: ["kubelet"] },
  "kube-proxy": { noun: "kube-proxy", units: ["kube-proxy"] },
  "kube-proxy listener": { noun: "kube-proxy", units: ["kube-proxy"], dependsOn: ["kube-proxy"] },
  node: { noun: "node", units: ["kubelet"], dependsOn: ["kubelet", "master:kube-apiserver listener"] },
  "node heard": { noun: "node", units: ["kubelet"], dependsOn: ["node", "node name", "clock"] },
  "node name": { noun: "node", units: ["kubelet"], dependsOn: ["kubelet"] },
  "node address": {
    noun: "node",
    units: ["kubelet"],
    reads: ["file /etc/hosts"],
    dependsOn: ["node", "node name", "names"],
  },
  nodes: {
    noun: "nodes",
    units: ["workers:kubelet"],
    dependsOn: ["workers:node", "workers:node name"],
  },
  "component scheduler": {
    noun: "component scheduler",
    units: ["kube-scheduler"],
    dependsOn: ["kube-scheduler listener", "kube-apiserver listener"],
  },
  "component controller-manager": {
    noun: "component controller-manager",
    units: ["kube-controller-manager"],
    dependsOn: ["kube-controller-manager listener", "kube-apiserver listener"],
  },
  "component etcd": {
    noun: "component etcd",
    units: ["kube-apiserver", "etcd"],
    dependsOn: ["etcd health", "kube-apiserver listener"],
  },
  token: {
    noun: "default service account",
    units: ["kube-controller-manager", "kube-apiserver"],
    reads: ["step service-account-key"],
    dependsOn: ["kube-controller-manager", "kube-apiserver listener", "service-account key"],
  },
  "token accepted": {
    noun: "default service account",
    units: ["kube-apiserver", "kube-controller-manager"],
    reads: ["step service-account-key"],
    dependsOn: ["token", "kube-apiserver tls"],
  },

  "guestbook objects": {
    noun: "guestbook",
    units: ["kube-apiserver"],
    reads: ["object *"],
    dependsOn: ["kube-apiserver listener"],
  },
  "guestbook services": {
    noun: "guestbook's services",
    units: ["kube-apiserver"],
    reads: ["object Service/*"],
    dependsOn: ["guestbook objects"],
  },
  "guestbook pods": {
    noun: "guestbook's pods",
    units: ["workers:kubelet", "kube-controller-manager", "kube-scheduler", "kube-apiserver"],
    reads: ["object Deployment/*", "workers:plan images"],
    dependsOn: [
      "guestbook objects",
      "token",
      "kube-scheduler",
      "workers:node",
      "workers:node heard",
      "workers:docker0",
    ],
  },
  "guestbook endpoints": {
    noun: "guestbook's services",
    units: ["kube-controller-manager"],
    reads: ["object Service/*", "object Deployment/*"],
    dependsOn: ["guestbook services", "guestbook pods"],
  },
  "kubernetes service": {
    noun: "kubernetes service",
    units: ["kube-apiserver"],
    dependsOn: ["kube-apiserver listener"],
  },
  "service traffic": {
    noun: "service traffic",
    units: ["kube-proxy"],
    reads: ["file /etc/sysctl.d/*", "file /etc/modules-load.d/*", "step kernel-settings"],
    dependsOn: [
      "kernel settings",
      "kube-proxy",
      "master:guestbook services",
      "master:guestbook pods",
      "master:guestbook endpoints",
      "workers:container network",
    ],
  },
  NodePort: {
    noun: "NodePort",
    units: ["kube-proxy"],
    reads: ["master:object Service/frontend"],
    dependsOn: ["kube-proxy", "master:kube-apiserver listener", "master:guestbook services"],
  },
  "guestbook's page": {
    noun: "NodePort",
    units: ["kube-proxy"],
    reads: [
      "master:object Service/frontend",
      "master:object Deployment/frontend",
      "file /etc/sysctl.d/*",
      "step kernel-settings",
    ],
    dependsOn: [
      "NodePort",
      "master:guestbook pods",
      "master:guestbook endpoints",
      "workers:container network",
    ],
  },
  message: {
    noun: "guestbook's message",
    units: ["kube-proxy"],
    reads: ["master:object *"],
    dependsOn: ["workers:guestbook's page", "workers:service traffic"],
  },
  "message read": {
    noun: "guestbook's message",
    units: ["kube-proxy"],
    reads: ["master:object *"],
    dependsOn: ["workers:message"],
  },
  "guestbook gone": {
    noun: "guestbook",
    units: ["master:kube-controller-manager", "workers:kubelet"],
    dependsOn: ["master:guestbook pods"],
  },
});

/** The name of a component of this cluster. */
export type ComponentName = keyof typeof components;
