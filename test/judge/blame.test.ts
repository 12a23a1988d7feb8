import { expect } from "chai";
import { likeliest } from "../../harness/judge/blame.ts";
import { settings, type Watched } from "../../harness/judge/settings.ts";
import { ownTemplates } from "../../harness/paths.ts";
import { settingLines } from "../../harness/provision/lines.ts";
import type { SettingLine } from "../../harness/render/setting-line.ts";
import { embedded } from "./healthy.ts";

describe("the setting to blame", () => {
  let healthy: SettingLine[] = [];
  before(async () => {
    healthy = await settingLines(await embedded(), ownTemplates);
  });

  /** The likeliest setting, as "FILE:LINE NAME", of a thing on a machine, with one line of the templates changed. */
  function blamed(
    watched: Watched,
    evidence: { log?: string[]; expected?: string; saw?: string },
    { machine = "worker1", from = "", to = "" } = {},
  ): string {
    const lines = healthy.map((line) => ({ ...line, text: line.text.replace(from, to) }));
    const { units = [], names } = settings[watched];
    const [first] = likeliest(
      lines,
      { names, machines: [machine], units: units.map((unit) => unit.replace(/^.*:/, "")) },
      { log: [], expected: "", saw: "", ...evidence },
    );
    return `${first?.file.replace(/^.*\//, "") ?? ""} ${first?.name ?? ""}`;
  }

  it("is the one it is governed by first, where nothing else is known", () => {
    expect(blamed("node", {})).to.equal("kubelet.hbs KUBELET_API_SERVER");
    expect(blamed("etcd listener", {}, { machine: "master" })).to.equal(
      "etcd.conf.hbs ETCD_LISTEN_CLIENT_URLS",
    );
  });

  it("is the one of the manifest's object that is at work, though the manifest lies on the master", () => {
    expect(blamed("message", {})).to.equal("deployments.yaml.hbs frontend: GET_HOSTS_FROM");
    expect(blamed("message read", {})).to.equal("deployments.yaml.hbs redis-slave: GET_HOSTS_FROM");
  });

  it("is the one whose flag the daemon does not know", () => {
    const log = ["unknown flag: --pod-infra-container-imag"];
    expect(
      blamed("kubelet", { log }, { from: "--pod-infra-container-image", to: "--pod-infra-container-imag" }),
    ).to.equal("kubelet.hbs KUBELET_POD_INFRA_CONTAINER");
  });

  it("takes dashes and underscores in a flag for one, as Kubernetes does", () => {
    const log = ["unknown flag: --service_acount_key_file"];
    const wrong = { machine: "master", from: "--service-account-key-file", to: "--service-acount-key-file" };
    expect(blamed("kube-apiserver", { log }, wrong)).to.equal("apiserver.hbs KUBE_API_ARGS");
  });

  it("is the one with the path that cannot be opened", () => {
    const log = ["Invalid Authentication Config: open /etc/kubernetes/other.key: no such file or directory"];
    const wrong = {
      machine: "master",
      from: "/etc/kubernetes/serviceaccount.key",
      to: "/etc/kubernetes/other.key",
    };
    expect(blamed("kube-apiserver", { log }, wrong)).to.match(/ KUBE_API_ARGS$/);
  });

  it("is the etcd prefix of which the daemon names the folder alone", () => {
    const log = ["failed to retrieve network config: 100: Key not found (/coreos.com) [2384]"];
    expect(blamed("flanneld", { log }, { from: "/atomic.io/network", to: "/coreos.com/network" })).to.equal(
      "flanneld.hbs FLANNEL_ETCD_PREFIX",
    );
  });

  it("is the address that was refused, not another with the same host", () => {
    const log = [
      "Post http://10.146.47.100:8081/api/v1/nodes: dial tcp 10.146.47.100:8081: connection refused",
    ];
    const wrong = {
      from: "api-servers=http://10.146.47.100:8080",
      to: "api-servers=http://10.146.47.100:8081",
    };
    expect(blamed("kubelet", { log }, wrong)).to.equal("kubelet.hbs KUBELET_API_SERVER");
  });

  it("is not the one that what was seen has in common with what was expected", () => {
    const evidence = { expected: "640 root:kube", saw: "600 root:kube" };
    expect(blamed("service-account key", evidence, { machine: "master" })).to.equal(
      "service-account-key.sh chmod",
    );
  });

  it("is none where nothing governs it and nothing points anywhere", () => {
    expect(blamed("listeners", { saw: "tcp 0.0.0.0:2375 dockerd" })).to.equal(" ");
  });
});
