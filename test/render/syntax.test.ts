import { expect } from "chai";
import { syntaxOf } from "./syntax.ts";

/** Files whose readers would read something else than was meant, or nothing. */
const unreadable: [path: string, text: string][] = [
  ["/etc/kubernetes/kubelet", 'KUBELET_ARGS="--a" --b"\n'],
  ["/etc/kubernetes/kubelet", 'KUBELET_ARGS="--a\n'],
  ["/etc/kubernetes/kubelet", "KUBELET_ARGS=--a --b\n"],
  ["/etc/sysconfig/flanneld", "export FLANNEL_OPTIONS=x\n"],
  ["/etc/sysconfig/flanneld", "FLANNEL-OPTIONS=x\n"],
  ["/etc/etcd/etcd.conf", 'ETCD_NAME="$(hostname)"\n'],
  ["/etc/hardway/flannel-network.json", "{ Network: 1 }"],
  ["/etc/yum.repos.d/x.repo", "enabled=1\n[x]\n"],
  ["/etc/yum.repos.d/x.repo", "[x]\nbaseurl=http://a\nhttp://b\n"],
  ["/etc/systemd/system/docker.service.d/x.conf", "[Service\n"],
  ["/etc/sysctl.d/x.conf", "net.ipv4.ip_forward\n"],
  ["/etc/modules-load.d/x.conf", "br_netfilter vxlan\n"],
  ["/etc/hosts", "worker1 10.146.47.110\n"],
];

describe("the readers of rendered files", () => {
  for (const [path, text] of unreadable) {
    it(`refuse ${JSON.stringify(text)} in ${path}`, () => {
      expect(syntaxOf(path)?.(text)).not.to.be.empty;
    });
  }
});
