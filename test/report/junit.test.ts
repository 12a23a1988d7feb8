import { expect } from "chai";
import { junit } from "../../harness/report/junit.ts";
import type { Results } from "../../harness/report/results/schema.ts";
import {
  aCause,
  aFailure,
  aSpec,
  brokenResults,
  hostileResults,
  someResults,
  stoppedResults,
  unsteadyResults,
} from "./some-results.ts";
import { invalid, xpath } from "./xmllint.ts";

const all: Record<string, () => Results> = {
  "that works": () => someResults(),
  "that is broken": brokenResults,
  "that is unsteady": unsteadyResults,
  "that was stopped": stoppedResults,
  "that judged no spec": () => someResults({ verdict: "not judged", exitCode: 3, specs: [] }),
  "with hostile text": hostileResults,
};

/** The words of failures, errors and skips in a document. */
const outcome = async (results: Results, of: string): Promise<string[]> => {
  const document = junit(results);
  const count = Number(await xpath(document, `count(//${of})`));
  return Promise.all(
    Array.from({ length: count }, (_, index) => xpath(document, `string((//${of})[${index + 1}])`)),
  );
};

const attribute = (results: Results, path: string): Promise<string> =>
  xpath(junit(results), `string(${path})`);

describe("the JUnit report", () => {
  for (const [name, results] of Object.entries(all)) {
    it(`is valid for a run ${name}, and counts what it has`, async () => {
      const document = junit(results());
      expect(await invalid(document)).to.equal("");
      for (const [counted, element] of [
        ["tests", "testcase"],
        ["failures", "testcase/failure"],
        ["errors", "testcase/error"],
        ["skipped", "testcase/skipped"],
      ] as const) {
        const wrong = await xpath(document, `count(//testsuite[@${counted} != count(${element})])`);
        expect(wrong, `suites that miscount ${counted}`).to.equal("0");
      }
      expect(await xpath(document, "//testsuites/@tests = count(//testcase)")).to.equal("true");
    });

    it(`is red for a run ${name} exactly where its exit code is`, async () => {
      const document = junit(results());
      const red = await xpath(document, "count(//failure | //error) > 0");
      expect(red).to.equal(String(results().exitCode !== 0));
    });
  }

  it("has a suite for each spec file, with the time its specs took and the machine they concern", async () => {
    expect(await attribute(someResults(), "//testsuite[1]/@name")).to.equal("specs/2-services.spec.ts");
    expect(await attribute(someResults(), "//testsuite[1]/@hostname")).to.equal("worker1");
    expect(await attribute(someResults(), "//testsuite[2]/@file")).to.equal("specs/3-ports.spec.ts");
    expect(await attribute(someResults(), "//testsuite[2]/@time")).to.equal("3.203");
    expect(await attribute(someResults(), "//testsuite[2]/@timestamp")).to.equal("2026-11-23T05:37:05");
    expect(await attribute(someResults(), "//testsuite[2]/@hostname")).to.equal("worker1");
  });

  it("names a spec by its place and its own title", async () => {
    const spec = aSpec("has flannel.1", { title: ["flannel.1", "worker1", "has flannel.1"] });
    const results = someResults({ specs: [spec] });
    expect(await attribute(results, "//testcase/@classname")).to.equal("3-ports.flannel_1 › worker1");
    expect(await attribute(results, "//testcase/@name")).to.equal("has flannel.1");
  });

  it("says of a failure what the terminal says, and what its cause adds", async () => {
    const [text] = await outcome(brokenResults(), "failure");
    expect(text).to.equal(
      [
        "worker1 kubelet: expected tcp 4194 to be listening, saw 22, 10250 (41 looks in 60.2 s of 60 s)",
        "cause    worker1 and worker2: kubelet does not listen on 4194, as KUBELET_ARGS sets another port",
        "since    14:02:11",
        "log      worker1 kubelet: cAdvisor listens on 4195",
        "unit kubelet active (running)",
        "set by   provision/worker/files/etc/kubernetes/kubelet.hbs:9  KUBELET_ARGS",
        'value    KUBELET_ARGS="--cadvisor-port=4195"',
        "         provision/worker/role.yaml:21  kubelet",
        "look     npm run lab -- ssh worker1 -- sudo journalctl -u kubelet -n 50",
      ].join("\n"),
    );
    expect(await attribute(brokenResults(), "//failure[1]/@type")).to.equal("failed");
  });

  it("takes the setting and the command from the cause where the failure has none", async () => {
    const spec = aFailure("red", { error: { message: "expected, saw", details: [], settings: [] } });
    const causes = [aCause({ specs: [spec.title] })];
    const [text] = await outcome(someResults({ exitCode: 1, specs: [spec], causes }), "failure");
    expect(text).to.match(/^set by {3}provision\/worker.*kubelet\.hbs:9 {2}KUBELET_ARGS$/m);
    expect(text).to.match(/^look {5}npm run lab/m);
  });

  it("says how hard was looked, and what was seen meanwhile", async () => {
    expect((await outcome(brokenResults(), "testcase[failure]/system-out"))[0]).to.equal(
      [
        "41 looks in 60.2 s",
        "waited   41 looks in 60.2 s of 60.0 s",
        "0.0 s    saw 22 (3 times)",
        "4.5 s    saw 22, 10250 (38 times)",
      ].join("\n"),
    );
  });

  it("says why a spec was not judged, as a message and as text", async () => {
    const message = "not judged because worker1's kubelet does not listen on 4194";
    expect(await attribute(brokenResults(), "//skipped/@message")).to.equal(message);
    expect(await outcome(brokenResults(), "skipped")).to.deep.equal([message]);
  });

  it("has an unsteady spec as a failure of that type, with each judging", async () => {
    expect(await attribute(unsteadyResults(), "//failure/@type")).to.equal("unsteady");
    expect(await attribute(unsteadyResults(), "//failure/@message")).to.match(
      /^unsteady, passed in 2 of 3 judgings: worker1 kubelet: expected/,
    );
    const [text] = await outcome(unsteadyResults(), "failure");
    expect(text).to.include("judging 2  failed (41 looks in 60.2 s), saw saw 22, 10250\njudging 3  passed");
  });

  it("has an error for what stopped a run, in place of an empty document", async () => {
    expect(await outcome(stoppedResults(), "error")).to.deep.equal([
      "worker1: expected an answer over SSH, saw none for 300 s\nits console ends with: Kernel panic - not syncing\nhint     npm run lab -- doctor",
    ]);
    expect(await attribute(stoppedResults(), "//error/@type")).to.equal("LabNotBuilt");
  });

  it("has a failure for a machine that could not be provisioned, though every spec passed", async () => {
    const failures = [
      { machine: "worker1", message: "docker did not come up", details: [], unreached: ["kubelet"] },
    ];
    const provision = { machines: {}, changed: 0, failures };
    const results = someResults({ verdict: "broken", exitCode: 1, provision });
    expect(await outcome(results, "failure")).to.deep.equal(["docker did not come up\nunreached kubelet"]);
    expect(await attribute(results, "//testcase[failure]/@name")).to.equal("provisions worker1");
  });

  it("says in every suite what was judged, with what", async () => {
    const value = (name: string) =>
      attribute(brokenResults(), `//testsuite[2]/properties/property[@name="${name}"]/@value`);
    expect(await value("lab")).to.equal("embedded");
    expect(await value("verdict")).to.equal("broken");
    expect(await value("run")).to.equal("2026-11-23T05-35-00-embedded-d51b97");
    expect(await value("templates.digest")).to.equal("7f".repeat(32));
    expect(await value("stand-ins")).to.equal("kube-apiserver, kubelet");
    expect(await value("rounds")).to.equal("1");
    expect(await value("tool.vagrant")).to.equal("2.3.4+git20221122");
  });

  it("claims no real programs where no machine was observed", async () => {
    expect(await attribute(stoppedResults(), '//property[@name="stand-ins"]/@value')).to.match(/^unknown/);
  });

  it("carries hostile text whole, but for what no XML may carry", async () => {
    const text = (await outcome(hostileResults(), "error"))[0] ?? "";
    expect(text).to.include(`]]></failure><script>alert("1")</script>&amp;&lt; <!-- --> <![CDATA[\nred `);
    expect(text).to.include("lone \uFFFD and \uFFFD, whole 😀, \uFFFD \uFFFD \uFFFD");
    expect(text).to.not.match(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E\u2066]/);
    // A lone surrogate would be lost on the way to xmllint, so it is looked for before.
    expect(junit(hostileResults())).to.not.match(/\p{Cs}/u);
    expect(await attribute(hostileResults(), "//error/@type")).to.include("\n| a | b |\n|---|---|\n");
  });
});
