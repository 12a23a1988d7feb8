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
  /** Which of a lab's real daemons takes its place; undefined where none does. */
  daemon?: string;
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
});

/** Debian's, as long as a lab is not given a real one of CentOS's version, which may have another name. */
const orReal = (program: Program, daemon = program.name): Program => ({ ...program, daemon });

const daemon = (rpm: string, name: string): Program => ({
  name,
  package: rpm,
  path: `/usr/bin/${name}`,
  source: "stand-in",
  daemon: name,
});

const helpers = "/usr/libexec/docker";

/** Everything in the testbed's repository, named and versioned as in CentOS 7's (facts/centos7.md §1). */
export const recipes: Recipe[] = [
  {
    name: "etcd",
    version: "3.3.11",
    programs: [
      orReal(debian("etcd", "/usr/bin/etcd", "etcd-server", "/usr/bin/etcd")),
      orReal(debian("etcd", "/usr/bin/etcdctl", "etcd-client", "/usr/bin/etcdctl")),
    ],
  },
  {
    name: "docker",
    version: "1.13.1",
    programs: [
      orReal(debian("docker", "/usr/bin/dockerd-current", "docker.io", "/usr/sbin/dockerd")),
      orReal(debian("docker", `${helpers}/docker-proxy-current`, "docker.io", "/usr/sbin/docker-proxy")),
      orReal(
        debian("docker", `${helpers}/docker-containerd-current`, "containerd", "/usr/bin/containerd"),
        "docker-containerd",
      ),
      orReal(
        debian(
          "docker",
          `${helpers}/docker-containerd-shim-current`,
          "containerd",
          "/usr/bin/containerd-shim-runc-v2",
        ),
        "docker-containerd-shim",
      ),
      orReal(debian("docker", `${helpers}/docker-runc-current`, "runc", "/usr/sbin/runc"), "docker-runc"),
      orReal(
        debian("docker", `${helpers}/docker-init-current`, "tini", "/usr/bin/tini-static", "docker-init"),
      ),
      orReal(debian("docker-client", "/usr/bin/docker-current", "docker.io", "/usr/bin/docker")),
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
      orReal(debian("kubernetes-client", "/usr/bin/kubectl", "kubernetes-client", "/usr/bin/kubectl")),
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
