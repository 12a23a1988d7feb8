import { expect } from "chai";
import { mentionOf, namesFlag, namesValue, type Mention } from "../../harness/cause/mention.ts";
import type { Setting, SettingKind } from "../../harness/settings/setting.ts";

const setting = (
  value: string,
  key = "KUBE_ARGS",
  flag?: string,
  kind: SettingKind = "environment",
): Setting => ({
  machine: "worker1",
  kind,
  path: "/etc/x",
  key,
  ...(flag === undefined ? {} : { flag }),
  value,
  state: "set",
  source: { file: "provision/worker/files/etc/x.hbs", line: 1, text: `${key}=${value}` },
  labValues: [],
  restarts: [],
});

describe("what a text names", () => {
  const named: [text: string, of: Setting, how: Mention | undefined][] = [
    ["unknown flag: --api-server", setting("http://10.0.0.1:8080", "K", "--api-server"), "flag"],
    ["unknown flag: --api_server", setting("http://10.0.0.1:8080", "K", "--api-server"), "flag"],
    ["unknown flag: --api-server", setting("x", "K", "--api-servers"), undefined],
    ["flag provided but not defined: -etcd-endpoint", setting("x", "K", "--etcd-endpoint"), "flag"],
    ["--advertise-client-urls is required when", setting("x", "K", "--advertise-client-urls"), "flag"],
    [
      "the service cluster IP range must be at least 8",
      setting("10.0.0.0/30", "K", "--service-cluster-ip-range"),
      "flag",
    ],
    ["the address in use", setting("1", "K", "--address"), undefined],
    ["Post http://10.0.0.1:8081/api/v1/nodes: dial tcp", setting("http://10.0.0.1:8081"), "value"],
    ["dial tcp 10.0.0.1:8081: connection refused", setting("http://10.0.0.1:8081"), "value"],
    ["dial tcp 10.0.0.1:80811", setting("http://10.0.0.1:8081"), undefined],
    ["dial tcp 127.0.0.1:2379", setting("http://localhost:2379"), "value"],
    ["dial tcp 10.0.0.1:2379", setting("10.0.0.1"), undefined],
    ["saw 10.0.0.1", setting("10.0.0.1"), "value"],
    ["saw 10.0.0.11", setting("10.0.0.1"), undefined],
    ["open /etc/kubernetes/x.key: no such file", setting("/etc/kubernetes/x.key"), "value"],
    ["open /etc/kubernetes/x.key2: no such file", setting("/etc/kubernetes/x.key"), undefined],
    ["Key not found (/coreos.com) [12]", setting("/coreos.com/network"), "folder"],
    ["unknown backend type: vxlam", setting("vxlam"), "value"],
    ["Unknown admission plugin: ServiceAccounts", setting("LimitRanger,ServiceAccounts"), "value"],
    ['Unsupported value: "Nodeport": supported values', setting("Nodeport"), "value"],
    ["the docker daemon is not running", setting("docker"), undefined],
    ["is true", setting("true"), undefined],
    ["expected net.ipv4.ip_forward to be 1", setting("0", "net.ipv4.ip_forward", undefined, "sysctl"), "key"],
    ["on 0.0.0.0:8080", setting("0.0.0.0"), undefined],
    ["10 of 2", setting("2"), undefined],
    [
      "policy DROP",
      setting("/usr/sbin/iptables -w -P FORWARD DROP", "[Service] ExecStartPost", undefined, "unit"),
      "value",
    ],
  ];
  for (const [text, of, how] of named) {
    it(`"${text}" ${how === undefined ? "does not name" : `names by its ${how}`} ${of.flag ?? of.value}`, () => {
      expect(mentionOf(text, of)).to.equal(how);
    });
  }

  it("takes a flag's underscores for dashes, and no longer flag for a shorter one", () => {
    expect(namesFlag("bad --service_account-key-file", "--service-account-key-file")).to.equal(true);
    expect(namesFlag("bad --service-account-key-file-2", "--service-account-key-file")).to.equal(false);
  });

  it("does not take a word within a path for a value", () => {
    expect(namesValue("open /etc/worker1/x", setting("worker1"))).to.equal(false);
    expect(namesValue("node worker1 not found", setting("worker1"))).to.equal(true);
  });
});
