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
});
