import { expect } from "chai";
import { refusals } from "../../harness/facts/refusals.ts";
import { ownTemplates } from "../../harness/paths.ts";
import { kept, type KeptRun } from "../recordings/recording.ts";
import { asJudged } from "./again.ts";

const replaying = () => import("../../harness/judge/replay.ts");
const judged = async (run: KeptRun) =>
  (await replaying()).replay(run.lab, run.observations, {
    grep: /^(?!packages)/,
    signal: new AbortController().signal,
    ...(await asJudged(run, ownTemplates)),
  });

describe("a run with a stand-in that had to refuse", function () {
  this.timeout(120_000);

  it("is not judged, and blames no setting, where the same without a refusal is broken", async () => {
    const run = await kept("unknown-flag-for-the-kubelet");
    const broken = await judged(run);
    expect(broken.verdict).to.equal("broken");
    expect(broken.causes).to.not.deep.equal([]);

    const at = run.observations.at(-1)?.at ?? "";
    const sentence = "only the real kubelet can show what --network-plugin=cni does";
    for (const { name } of run.lab.machines) {
      const stdout = name === "worker1" ? `${sentence}\n` : "";
      run.observations.push({
        machine: name,
        ...refusals.ask(),
        at,
        ms: 1,
        code: 0,
        stdout,
        stderr: "",
      });
    }
    const refused = await judged(run);
    expect(refused.verdict).to.equal("not judged");
    expect(refused.causes).to.deep.equal([]);
    expect(refused.specs.filter(({ status }) => status === "failed")).to.deep.equal([]);
    const reasons = refused.specs.flatMap(({ because }) => (because === undefined ? [] : [because.sentence]));
    expect([...new Set(reasons)]).to.deep.equal([sentence]);
  });
});
