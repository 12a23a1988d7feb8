/** Where a program comes from: a file in one of Debian's packages, or testbed/standins/NAME. */
type Source = { deb: string; file: string } | "stand-in";

/** A program that a package carries. */
export interface Program {
  name: string;
  /** The RPM it is in. */
  package: string;
  /** Its path on the machine. */
  path: string;
  source: Source;
  /** Whether a lab's real daemons take its place. */
  daemon: boolean;
}

/**
 * What one spec file makes: `testbed/packages/NAME/NAME.spec`, the files under `testbed/packages/NAME/root/`, which
 * mirror the machine's root, and programs.
 */
export interface Recipe {
  name: string;
  /** What the stand-ins among its programs stand in for. */
  version: string;
  programs: Program[];
}

const debian = (rpm: string, path: string, deb: string, file: string, name = file): Program => ({
  name: name.slice(name.lastIndexOf("/") + 1),
  package: rpm,
  path,
  source: { deb, file },
  daemon: false,
});

const daemon = (rpm: string, name: string): Program => ({
  name,
  package: rpm,
  path: `/usr/bin/${name}`,
  source: "stand-in",
  daemon: true,
});

const helpers = "/usr/libexec/docker";

/** Everything in the testbed's repository, named and versioned as in CentOS 7's (facts/centos7.md §1). */
export const recipes: Recipe[] = [
  {
    name: "etcd",
    version: "3.3.11",
    programs: [
      debian("etcd", "/usr/bin/etcd", "etcd-server", "/usr/bin/etcd"),
      debian("etcd", "/usr/bin/etcdctl", "etcd-client", "/usr/bin/etcdctl"),
    ],
  },
  {
    name: "docker",
    version: "1.13.1",
    programs: [
      debian("docker", "/usr/bin/dockerd-current", "docker.io", "/usr/sbin/dockerd"),
      debian("docker", `${helpers}/docker-proxy-current`, "docker.io", "/usr/sbin/docker-proxy"),
      debian("docker", `${helpers}/docker-containerd-current`, "containerd", "/usr/bin/containerd"),
      debian(
        "docker",
        `${helpers}/docker-containerd-shim-current`,
        "containerd",
        "/usr/bin/containerd-shim-runc-v2",
      ),
      debian("docker", `${helpers}/docker-runc-current`, "runc", "/usr/sbin/runc"),
      debian("docker", `${helpers}/docker-init-current`, "tini", "/usr/bin/tini-static", "docker-init"),
      debian("docker-client", "/usr/bin/docker-current", "docker.io", "/usr/bin/docker"),
    ],
  },
  { name: "flannel", version: "0.7.1", programs: [daemon("flannel", "flanneld")] },
  {
    name: "kubernetes",
    version: "1.5.2",
    programs: [
      daemon("kubernetes-master", "kube-apiserver"),
      daemon("kubernetes-master", "kube-controller-manager"),
      daemon("kubernetes-master", "kube-scheduler"),
      daemon("kubernetes-node", "kubelet"),
      daemon("kubernetes-node", "kube-proxy"),
      {
        ...debian("kubernetes-client", "/usr/bin/kubectl", "kubernetes-client", "/usr/bin/kubectl"),
        daemon: true,
      },
    ],
  },
  {
    name: "socat",
    version: "1.7.3.2",
    programs: [debian("socat", "/usr/bin/socat", "socat", "/usr/bin/socat")],
  },
  {
    name: "conntrack-tools",
    version: "1.4.4",
    programs: [debian("conntrack-tools", "/usr/sbin/conntrack", "conntrack", "/usr/sbin/conntrack")],
  },
  { name: "tree", version: "1.6.0", programs: [debian("tree", "/usr/bin/tree", "tree", "/usr/bin/tree")] },
];
