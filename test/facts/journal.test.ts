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

  it("are never what systemd says of the end, in the words of 219 nor of 252", () => {
    const own = "unknown flag: --nope";
    const systemd = [
      "kubelet.service: main process exited, code=exited, status=1/FAILURE",
      "kubelet.service: main process exited, code=exited, status=2/INVALIDARGUMENT",
      "docker.service: control process exited, code=exited status=1",
      "Unit kubelet.service entered failed state.",
      "kubelet.service failed.",
      "kubelet.service holdoff time over, scheduling restart.",
      "start request repeated too quickly for kubelet.service",
      "flanneld.service start operation timed out. Terminating.",
      "flanneld.service stop-sigterm timed out. Killing.",
      "flanneld.service watchdog timeout (limit 30s)!",
      "Failed to start Kubernetes Kubelet Server.",
      "Dependency failed for Kubernetes Kubelet Server.",
      "Stopped (with error) Kubernetes Kubelet Server.",
      "Timed out starting Flanneld overlay address etcd agent.",
      "Job kubelet.service/start failed with result 'dependency'.",
      "Job dev-vdb.device/start timed out.",
      "kubelet.service: Main process exited, code=exited, status=1/FAILURE",
      "docker.service: Control process exited, code=exited, status=1/FAILURE",
      "kubelet.service: Failed with result 'exit-code'.",
      "kubelet.service: Unit entered failed state.",
      "kubelet.service: Scheduled restart job, restart counter is at 5.",
      "kubelet.service: Start request repeated too quickly.",
      "flanneld.service: start operation timed out. Terminating.",
      "flanneld.service: State 'stop-sigterm' timed out. Killing.",
    ];
    for (const line of systemd) expect(telling([own, line], 3), line).to.deep.equal([own]);
  });

  it("are what systemd says of what it could not even start", () => {
    const lines = [
      "Failed at step EXEC spawning /usr/bin/kubelet: Permission denied",
      "docker.service failed to run 'start' task: No such file or directory",
      "Failed to load environment files: No such file or directory",
    ];
    expect(telling(lines, 3)).to.deep.equal(lines);
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
