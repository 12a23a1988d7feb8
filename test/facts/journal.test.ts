import { expect } from "chai";
import { telling } from "../../harness/facts/journal.ts";

describe("a journal's telling lines", () => {
  it("are the daemon's own words on what is wrong, each once, without header and routine", () => {
    const lines = [
      "Starting Flanneld overlay address etcd agent...",
      "E1123 04:05:06.000001    812 network.go:102] failed to retrieve network config: 100: Key not found (/coreos.com) [2384]",
      "E1123 04:05:07.000001    812 network.go:102] failed to retrieve network config: 100: Key not found (/coreos.com) [2384]",
      "Failed to start certificate controller: open /etc/kubernetes/ca/ca.pem: no such file or directory",
      "flanneld.service: Main process exited, code=exited, status=1/FAILURE",
      "Unit flanneld.service entered failed state.",
      "flanneld.service failed.",
      "Failed to start Flanneld overlay address etcd agent.",
    ];
    expect(telling(lines, 3)).to.deep.equal([
      "failed to retrieve network config: 100: Key not found (/coreos.com) [2384]",
    ]);
  });

  it("are what a daemon says before it explains its flags", () => {
    const lines = [
      "flag provided but not defined: -interface",
      "Usage of flanneld:",
      "  -logtostderr",
      "    \tlog to standard error instead of files",
    ];
    expect(telling(lines, 3)).to.deep.equal(["flag provided but not defined: -interface"]);
  });

  it("are not those of a healthy start", () => {
    const lines = [
      'level=warning msg="could not change group /var/run/docker.sock to docker: group docker not found"',
      'W1123 04:05:06.000001 900 server.go:468] Failed to retrieve node info: nodes "worker1" not found',
      `W1123 04:05:06.000001 900 server.go:249] Can't get Node "worker1", assuming iptables proxy, err: nodes "worker1" not found`,
      "W1123 04:05:06.000001 900 proxier.go:226] invalid nodeIP, initialize kube-proxy with 127.0.0.1 as nodeIP",
      "Failed to start service controller: WARNING: no cloud provider provided, services of type LoadBalancer will fail.",
    ];
    expect(telling(lines, 3)).to.deep.equal([]);
  });

  it("are what a proxy says that does not reach the API server", () => {
    const refused =
      "Failed to retrieve node info: Get http://10.146.47.100:8081/api/v1/nodes/worker1: connection refused";
    expect(telling([refused], 3)).to.deep.equal([refused]);
  });
});
