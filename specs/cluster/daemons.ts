import { readFileSync } from "node:fs";
import { join } from "node:path";
import { firstAddress } from "../../harness/lab/addresses.ts";
import type { LabFile } from "../../harness/lab/schema.ts";
import { readFlagTable } from "../../harness/settings/flag-table.ts";
import type { Daemon } from "../../harness/settings/setting.ts";

/** The part of a lab that says which build of a daemon its packages bring. */
type Source = Pick<LabFile, "network" | "repositories" | "daemons">;

const table = (name: string): Daemon["flags"] =>
  readFlagTable(readFileSync(join(import.meta.dirname, "flags", `${name}.tsv`), "utf8"));

/**
 * Whether the lab's packages bring the daemons as released, or stand-ins that read the same flags: the lab's own
 * repository has them, and not a folder somebody named. CentOS builds its own, whose flags no run has shown yet.
 */
function asReleased({ network, repositories, daemons = "stand-ins" }: Source): boolean {
  const own = [`http://${firstAddress(network)}:`, "prepared:"];
  const isOwn = (url: string): boolean => own.some((start) => url.startsWith(start));
  return repositories.every(({ baseurl }) => baseurl.every(isOwn)) && /^(upstream|stand-ins)$/.test(daemons);
}

const common = ["KUBE_LOGTOSTDERR", "KUBE_LOG_LEVEL"];

/** A Kubernetes daemon, as its unit in CentOS's package starts it (facts/centos7.md §2). */
const kubernetes = (
  unit: string,
  part: "master" | "node",
  file: string,
  variables: readonly string[],
  exact: boolean,
): Daemon => ({
  unit,
  package: `kubernetes-${part}`,
  environmentFiles: ["/etc/kubernetes/config", `/etc/kubernetes/${file}`],
  variables: [...common, ...variables],
  valueOf: new Map(),
  flags: table(unit),
  flagSyntax: "pflag",
  flagsFrom: "kubernetes 1.5.2 as released",
  flagsAreExact: exact,
});

/** etcd's command line has three of its settings, and it takes the rest from its environment (facts/centos7.md §2). */
const etcd = (): Daemon => ({
  unit: "etcd",
  package: "etcd",
  environmentFiles: ["/etc/etcd/etcd.conf"],
  variables: ["ETCD_NAME", "ETCD_DATA_DIR", "ETCD_LISTEN_CLIENT_URLS"],
  environmentPrefix: "ETCD_",
  valueOf: new Map([
    ["ETCD_NAME", "name"],
    ["ETCD_DATA_DIR", "data-dir"],
    ["ETCD_LISTEN_CLIENT_URLS", "listen-client-urls"],
  ]),
  flags: table("etcd"),
  flagSyntax: "go",
  flagsFrom: "etcd 3.3 and 3.4 as released",
  flagsAreExact: false,
});

/** flanneld-start gives it two variables as flags and all arguments it gets itself; the old names still count. */
const flanneld = (exact: boolean): Daemon => ({
  unit: "flanneld",
  package: "flannel",
  environmentFiles: ["/etc/sysconfig/flanneld", "/etc/sysconfig/docker-network"],
  variables: [
    "FLANNEL_ETCD_ENDPOINTS",
    "FLANNEL_ETCD",
    "FLANNEL_ETCD_PREFIX",
    "FLANNEL_ETCD_KEY",
    "FLANNEL_OPTIONS",
  ],
  environmentPrefix: "FLANNELD_",
  valueOf: new Map([
    ["FLANNEL_ETCD", "etcd-endpoints"],
    ["FLANNEL_ETCD_ENDPOINTS", "etcd-endpoints"],
    ["FLANNEL_ETCD_KEY", "etcd-prefix"],
    ["FLANNEL_ETCD_PREFIX", "etcd-prefix"],
  ]),
  flags: table("flanneld"),
  flagSyntax: "go",
  flagsFrom: "flannel 0.7.1 as released",
  flagsAreExact: exact,
});

const docker = (): Daemon => ({
  unit: "docker",
  package: "docker",
  environmentFiles: [
    "/run/containers/registries.conf",
    "/etc/sysconfig/docker",
    "/etc/sysconfig/docker-storage",
    "/etc/sysconfig/docker-network",
    "/run/flannel/docker",
  ],
  variables: [
    "OPTIONS",
    "DOCKER_STORAGE_OPTIONS",
    "DOCKER_NETWORK_OPTIONS",
    "ADD_REGISTRY",
    "BLOCK_REGISTRY",
    "INSECURE_REGISTRY",
    "REGISTRIES",
  ],
  environmentPrefix: "DOCKER_",
  valueOf: new Map(),
  flags: table("dockerd"),
  flagSyntax: "pflag",
  flagsFrom: "docker 1.13.1 as CentOS patches it",
  flagsAreExact: false,
});

/** The daemons of this cluster, each as its package's unit starts it. */
export function daemonsOf(lab: Source): Daemon[] {
  const exact = asReleased(lab);
  return [
    etcd(),
    kubernetes(
      "kube-apiserver",
      "master",
      "apiserver",
      [
        "KUBE_ETCD_SERVERS",
        "KUBE_API_ADDRESS",
        "KUBE_API_PORT",
        "KUBELET_PORT",
        "KUBE_ALLOW_PRIV",
        "KUBE_SERVICE_ADDRESSES",
        "KUBE_ADMISSION_CONTROL",
        "KUBE_API_ARGS",
      ],
      exact,
    ),
    kubernetes(
      "kube-controller-manager",
      "master",
      "controller-manager",
      ["KUBE_MASTER", "KUBE_CONTROLLER_MANAGER_ARGS"],
      exact,
    ),
    kubernetes("kube-scheduler", "master", "scheduler", ["KUBE_MASTER", "KUBE_SCHEDULER_ARGS"], exact),
    flanneld(exact),
    docker(),
    kubernetes(
      "kubelet",
      "node",
      "kubelet",
      [
        "KUBELET_API_SERVER",
        "KUBELET_ADDRESS",
        "KUBELET_PORT",
        "KUBELET_HOSTNAME",
        "KUBE_ALLOW_PRIV",
        "KUBELET_POD_INFRA_CONTAINER",
        "KUBELET_ARGS",
      ],
      exact,
    ),
    kubernetes("kube-proxy", "node", "proxy", ["KUBE_MASTER", "KUBE_PROXY_ARGS"], exact),
  ];
}
