import { expect } from "chai";
import { poisoned } from "./hostile.ts";
import { ending } from "../../harness/report/terminal.ts";
import { aFailure, aSpec, brokenResults, someResults, unsteadyResults } from "./some-results.ts";

const said = (results: Parameters<typeof ending>[0]): string[] => ending(results, "/tmp/run").split("\n");

describe("the end of a run in the terminal", () => {
  it("opens with the cause: what, since when, the log, the setting, where to look, and what rests on it", () => {
    const results = brokenResults();
    const [cause] = results.causes;
    const lines = said(results);
    const at = lines.findIndex((line) => line.startsWith("✗ "));
    expect(lines.slice(0, at).join("")).to.equal("");
    expect(lines[at]).to.equal(`✗ ${cause?.message ?? ""}`);
    for (const word of ["since", "log", "set by", "look"]) {
      expect(
        lines.some((line) => line.startsWith(`    ${word.padEnd(8)} `)),
        word,
      ).to.equal(true);
    }
    const [setting] = cause?.candidates ?? [];
    expect(lines.join("\n")).to.include(
      `worker/files/…/kubelet.hbs:${setting?.line ?? 0}  ${setting?.value ?? ""}`,
    );
  });

  it("says how real daemons were had", () => {
    const results = someResults();
    const built = "built from the 1.5.2 source with Go 1.19.8; --daemons mine";
    for (const { parts } of results.machines) {
      for (const name of ["kubelet", "kube-proxy"]) {
        parts.push({ name, kind: "real", version: "v1.5.2", origin: built });
      }
      parts.push({
        name: "etcd",
        kind: "real",
        version: "3.3.11",
        origin: "released: example.org/etcd.tar.gz",
      });
    }
    const lines = said(results);
    expect(lines).to.include("built from the 1.5.2 source with Go 1.19.8: kube-proxy, kubelet");
    expect(lines).to.include("released: etcd");
  });

  it("says where to look where the machines are gone, and only there", () => {
    const results = brokenResults();
    const up = { ...results, stages: results.stages.filter(({ name }) => name !== "down") };
    const [stage] = up.stages;
    const down = {
      ...up,
      stages: [...up.stages, ...(stage === undefined ? [] : [{ ...stage, name: "down" }])],
    };
    expect(said(down).join("\n")).to.include("the machines are gone: machines/ in the report");
    expect(said(up).join("\n")).to.not.include("the machines are gone");
  });

  it("tells each failure that no cause explains, and none of the symptoms", () => {
    const symptom = aSpec("rests on it", {
      status: "not judged",
      because: { link: "worker1/kubelet", sentence: "worker1 kubelet is down" },
    });
    const text = ending(
      someResults({ verdict: "broken", exitCode: 1, specs: [aFailure("alone"), symptom] }),
      "/tmp/run",
    );
    expect(text).to.include("alone");
    expect(text).to.not.include("rests on it");
  });

  it("tells once what several specs were not judged for", () => {
    const open = (title: string) =>
      aSpec(title, {
        status: "not judged",
        error: { message: "no answer over SSH", details: [], settings: [] },
      });
    const specs = [open("one"), open("two"), open("three")];
    const text = ending(someResults({ verdict: "not judged", exitCode: 3, specs }), "/tmp/run");
    expect(text.match(/no answer over SSH/g)).to.have.lengthOf(1);
    expect(text).to.match(/one and 2 more/);
  });

  it("never says plainly that an unsteady cluster works", () => {
    const text = ending(unsteadyResults(), "/tmp/run");
    expect(text).to.include("the cluster is unsteady: what failed passed without a change");
    expect(text).to.not.include("the cluster works");
  });

  it("is quiet about an optional spec that was not asked, but says so", () => {
    const specs = [aSpec("fine"), aSpec("in a browser", { status: "not judged", optional: true })];
    const lines = said(someResults({ specs }));
    expect(lines.some((line) => line.startsWith("not asked: ") && line.includes("in a browser"))).to.equal(
      true,
    );
    expect(lines.some((line) => line.startsWith("? "))).to.equal(false);
  });

  it("shows what would do something to the terminal, and does not do it", () => {
    const results = poisoned(brokenResults(), "\u001b[2J\u001b]0;x\u0007\u009b31m\u202e");
    const text = ending(results, "/tmp/run");
    expect(text).to.include("␛[2J␛]0;x␇⟨U+009B⟩31m⟨U+202E⟩");
    expect(text).not.to.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});
