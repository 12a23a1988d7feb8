/**
 * Debian's packages in the box, by what they are there for. Recommended packages stay out, and so does udev: nothing
 * here needs it, and it is most of an emulated boot. docker, etcd and kubectl are not here: they come as RPMs from the
 * lab's repository, made of Debian's own, so their libraries are.
 */
export const boxPackages = {
  "the system": ["systemd", "systemd-sysv", "kmod", "mount", "netbase", "passwd", "procps"],
  "the management network's lease": ["busybox-static"],
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
