/**
 * Debian's packages in the box, by what they are there for. Recommended packages stay out. docker, etcd and kubectl
 * are not here: they come as RPMs from the lab's repository, made of Debian's own, so their libraries are.
 */
export const boxPackages = {
  "the system": ["systemd", "systemd-sysv", "udev", "kmod", "mount", "netbase", "passwd", "procps"],
  "Vagrant and the harness": ["openssh-server", "sudo", "libnss-myhostname"],
  "yum, rpm and signature checks": ["dnf", "rpm", "gpg", "gpgv", "ca-certificates", "openssl", "curl"],
  "what CentOS's packages bring along": [
    "conntrack",
    "ethtool",
    "iproute2",
    "iptables",
    "iputils-ping",
    "socat",
  ],
  "libraries of docker, containerd and runc": ["libdevmapper1.02.1", "libseccomp2", "libsystemd0"],
  "the stand-ins' runtime": ["nodejs"],
};
