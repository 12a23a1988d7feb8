import { expect } from "chai";
import { embedded, refusedBy, tree, withFailed, worker, workerListeners } from "./healthy.ts";
import { judged, red, sentences } from "./judged.ts";
import { textOf } from "./recorded.ts";

const files = [
  "1-packages",
  "8-meanwhile",
  "2-machines",
  "2-services",
  "3-ports",
  "4-etcd",
  "5-flannel",
  "6-docker",
  "7-kubernetes",
  "9-steadiness",
];

describe("the specs, judged on what was recorded", () => {
  const worker1 = async () => {
    const { workers, master: other } = await embedded();
    return worker(workers[0] ?? other);
  };

  for (const file of files) {
    it(`${file}: all pass on a healthy lab`, async () => {
      const results = await judged(file);
      expect(sentences(results)).to.deep.equal([]);
      expect(results).to.not.have.lengthOf(0);
    });
  }

  it("takes one snapshot of each machine for all that is not waited for", async () => {
    const asked: string[][] = [];
    await judged("5-flannel", {}, asked);
    expect(asked).to.have.lengthOf(3);
  });

  it("says which daemon does not listen, why, and where to look", async () => {
    const without = workerListeners()
      .split("\n")
      .filter((line) => !line.includes(":4194"))
      .join("\n");
    const results = await judged("3-ports", {
      worker1: {
        listeners: without,
        unit: withFailed("kubelet", "Mon 2026-11-23 14:02:11 UTC"),
        journal:
          "Started Kubernetes Kubelet Server.\nF1123 14:02:11.000001   812 server.go:1] unknown flag: --adress\nUsage of kubelet:\nkubelet.service: Main process exited, code=exited, status=1/FAILURE\n",
      },
    });
    const [first] = red(results);
    expect(first?.title).to.deep.equal([
      "ports",
      "worker1",
      "listens on tcp 4194 for kubelet, on every address",
    ]);
    expect(first?.machine).to.equal("worker1");
    expect(first?.error?.message).to.equal(
      "worker1 kubelet: expected tcp 4194 to be listening, saw 22, 10248, 10249, 10250, 10255 (1 look in 0.0 s of 60 s)",
    );
    expect(first?.error?.details.slice(0, 2)).to.deep.equal([
      "unit kubelet failed 14:02:11 (failed, exit-code, 1)",
      'log      "unknown flag: --adress"',
    ]);
    expect(first?.error?.hint).to.equal("npm run lab -- ssh worker1 -- sudo journalctl -u kubelet -n 50");
  });

  it("knows a daemon that listens on loopback alone, and one that is not its own", async () => {
    const wrong = workerListeners().replace("*:10250", "127.0.0.1:10250").replace('("kube-proxy"', '("nc"');
    expect(sentences(await judged("3-ports", { worker2: { listeners: wrong } }))).to.deep.equal([
      "worker2 kubelet: expected tcp 10250 on every address, saw 127.0.0.1 (1 look in 0.0 s of 60 s)",
      "worker2 kube-proxy: expected tcp 10249 to belong to kube-proxy, saw nc (33 looks in 60.0 s of 60 s)",
      "not judged because worker2 kubelet: expected tcp 10250 on every address, saw 127.0.0.1",
    ]);
  });

  it("finds what else listens", async () => {
    const more = `${workerListeners()}\ntcp LISTEN 0 5 0.0.0.0:2375 0.0.0.0:* users:(("dockerd",pid=9,fd=1))`;
    expect(sentences(await judged("3-ports", { worker1: { listeners: more } }))).to.deep.equal([
      "worker1 listeners beyond those of the cluster and the box: expected nothing, saw tcp 0.0.0.0:2375 dockerd",
    ]);
  });

  it("finds a stale lease, and the worker that has none", async () => {
    const stale = tree(["worker1", "10.146.47.110"], ["worker2", "10.0.2.15"]);
    const results = await judged("4-etcd", { master: { "etcd tree": stale } });
    const said = sentences(results);
    expect(said.find((one) => one.startsWith("worker2 lease"))).to.match(
      /^worker2 lease: expected one subnet leased to 10\.146\.47\.111 under \/atomic\.io\/network, saw 10\.241\.15\.0\/24 to 10\.146\.47\.110, 10\.241\.99\.0\/24 to 10\.0\.2\.15 \(/,
    );
    expect(red(results).map(({ status, title }) => `${status}: ${title.at(-1) ?? ""}`)).to.include(
      "not judged: holds no stale lease: none of an address that no worker has",
    );
    // Leased to another address: flanneld works, on the wrong interface.
    const settings = red(results).find(({ status }) => status === "failed")?.error?.settings ?? [];
    expect(settings.map(({ name }) => name)).to.include("FLANNEL_OPTIONS");
  });

  it("says that the API server does not answer, and shows its unit", async () => {
    const results = await judged("7-kubernetes", {
      master: {
        nodes: refusedBy("10.146.47.100:8080"),
        unit: withFailed("kube-apiserver", "Mon 2026-11-23 14:02:11 UTC"),
      },
    });
    const [first] = red(results);
    expect(first?.error?.message).to.equal(
      "master: expected an answer from http://10.146.47.100:8080/api/v1/nodes, saw curl: (7) Failed connect to 10.146.47.100:8080; Connection refused (1 look in 0.0 s of 120 s)",
    );
    expect(first?.error?.details[0]).to.equal("unit kube-apiserver failed 14:02:11 (failed, exit-code, 1)");
  });

  it("does not take a package for signed because its file is whole", async () => {
    const [file = ""] = textOf(await worker1(), "package files").split("\n");
    const unsigned = `${file.replace("signatures ", "")}\n`;
    const said = sentences(await judged("8-meanwhile", { worker1: { "package files": unsigned } }));
    expect(said[0]).to.match(/^worker1 kept packages without their file: expected nothing, saw flannel-/);
    expect(said[1]).to.match(
      /^worker1 kept packages unproved: expected nothing, saw \/var\/cache\/dnf\/.*docker.*: digests OK$/,
    );
  });

  it("tells a refusal for another reason from the right one", async () => {
    const outcomes = JSON.parse(textOf(await worker1(), "control packages")) as {
      kind: string;
      reason?: string;
      output: string;
    }[];
    const other = outcomes.map((one) =>
      one.kind === "foreign" ? { ...one, reason: "other", output: "No space left on device" } : one,
    );
    expect(
      sentences(await judged("8-meanwhile", { worker1: { "control packages": JSON.stringify(other) } })),
    ).to.deep.equal([
      "worker1 control packages foreign: expected to be refused as foreign key, saw other: No space left on device",
    ]);
  });
});
