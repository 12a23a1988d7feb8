import { expect } from "chai";
import { etcdHealth, etcdMembers, etcdTree } from "../../harness/facts/etcd.ts";
import { leasesIn } from "../../harness/facts/flannel.ts";
import { NoAnswer } from "../../harness/facts/http.ts";
import { parsed } from "./parsers.ts";

const etcd = "http://10.146.47.100:2379";

describe("etcd", () => {
  const healthy =
    "member 8e9e05c52164694d is healthy: got healthy result from http://10.146.47.100:2379\ncluster is healthy\n";

  it("is healthy by what etcdctl says and how it exits", () => {
    expect(parsed(etcdHealth, healthy, etcd)).to.deep.equal({ healthy: true, verdict: "cluster is healthy" });
    expect(
      parsed(
        etcdHealth,
        {
          stdout: "cluster may be unhealthy: failed to list members\n",
          stderr: "Error:  client: etcd cluster is unavailable\n",
          code: 4,
        },
        etcd,
      ),
    ).to.deep.equal({
      healthy: false,
      verdict: "cluster may be unhealthy: failed to list members",
    });
  });

  it("tells its members", () => {
    const text =
      '{"members":[{"id":"8e9e05c52164694d","name":"node0","peerURLs":["http://localhost:2380"],"clientURLs":["http://10.146.47.100:2379"]}]}\n\n200';
    expect(parsed(etcdMembers, text, etcd)).to.deep.equal([{ name: "node0", clientURLs: [etcd] }]);
  });

  const tree = `{"action":"get","node":{"key":"/atomic.io/network","dir":true,"nodes":[{"key":"/atomic.io/network/config","value":"{ \\"Network\\": \\"10.241.0.0/16\\" }","modifiedIndex":4,"createdIndex":4},{"key":"/atomic.io/network/subnets","dir":true,"nodes":[{"key":"/atomic.io/network/subnets/10.241.15.0-24","value":"{\\"PublicIP\\":\\"10.146.47.110\\",\\"BackendType\\":\\"vxlan\\",\\"BackendData\\":{\\"VtepMAC\\":\\"52:7B:d1:0f:41:b2\\"}}","expiration":"2026-11-24T05:33:23.330316282Z","ttl":86400,"modifiedIndex":5,"createdIndex":5}],"modifiedIndex":5,"createdIndex":5}],"modifiedIndex":4,"createdIndex":4}}

200`;

  it("holds flannel's configuration and leases", () => {
    const keys = parsed(etcdTree, tree, etcd, "/atomic.io/network");
    expect(keys[0]).to.deep.equal({
      key: "/atomic.io/network/config",
      value: '{ "Network": "10.241.0.0/16" }',
      ttl: undefined,
    });
    expect(leasesIn(keys, "/atomic.io/network")).to.deep.equal([
      {
        subnet: "10.241.15.0/24",
        publicIp: "10.146.47.110",
        backend: "vxlan",
        vtepMac: "52:7b:d1:0f:41:b2",
        ttl: 86400,
      },
    ]);
  });

  it("holds nothing under a prefix that is not there", () => {
    expect(
      parsed(
        etcdTree,
        '{"errorCode":100,"message":"Key not found","cause":"/nope","index":5}\n\n404',
        etcd,
        "/nope",
      ),
    ).to.deep.equal([]);
  });

  it("that does not answer is the cluster's trouble, not ours", () => {
    const refused = {
      stdout: "\n000",
      stderr: "curl: (7) Failed connect to 10.146.47.100:2379; Connection refused\n",
      code: 7,
    };
    expect(() => parsed(etcdTree, refused, etcd, "/atomic.io/network")).to.throw(
      NoAnswer,
      "worker1: expected an answer from http://10.146.47.100:2379/v2/keys/atomic.io/network?recursive=true, saw curl: (7) Failed connect",
    );
  });
});
