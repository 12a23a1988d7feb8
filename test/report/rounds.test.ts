import { expect } from "chai";
import type { Judgement, SpecResult } from "../../harness/judge/result.ts";
import type { Results } from "../../harness/report/results/schema.ts";
import { earlierRound, mergeRounds } from "../../harness/report/rounds.ts";

const spec = (title: string, status: SpecResult["status"], evidence: number[] = []): SpecResult => ({
  file: "specs/x.spec.ts",
  title: [title],
  status,
  looks: 1,
  elapsed: 1,
  waits: [],
  history: [],
  evidence,
});
const fact = (name: string) => ({
  machine: "master",
  fact: name,
  command: "x",
  at: "",
  ms: 1,
  code: 0,
  stdout: "",
  stderr: "",
  cut: false,
});

function judgement(specs: SpecResult[], facts: string[] = []): Judgement {
  const broken = specs.some(({ status }) => status === "failed");
  const works = specs.every(({ status }) => status === "passed");
  return {
    specs,
    verdict: broken ? "broken" : works ? "works" : "not judged",
    works,
    causes: [],
    machines: [],
    facts: facts.map(fact),
    picture: { network: "", overlay: { network: "", backend: "", vni: 1 }, machines: [], reach: [] },
    observations: [],
  };
}

describe("several judgings of one lab", () => {
  it("work where each of them works, with each one's evidence in one list", () => {
    const merged = mergeRounds([
      judgement([spec("a", "passed", [0])], ["first"]),
      judgement([spec("a", "passed", [0])], ["second"]),
    ]);
    expect(merged.verdict).to.equal("works");
    expect(merged.facts.map((one) => one.fact)).to.deep.equal(["first", "second"]);
    const [only] = merged.specs;
    expect(only?.evidence.every((index) => merged.facts[index] !== undefined)).to.equal(true);
  });

  it("are unsteady where a spec failed once, never plainly green", () => {
    const merged = mergeRounds([judgement([spec("a", "failed")]), judgement([spec("a", "passed")])]);
    expect(merged.verdict).to.equal("unsteady");
    expect(merged.specs[0]?.rounds?.map(({ status }) => status)).to.deep.equal(["failed", "passed"]);
  });

  it("are broken where a spec failed each time, and not judged where one was open", () => {
    expect(
      mergeRounds([judgement([spec("a", "failed")]), judgement([spec("a", "failed")])]).verdict,
    ).to.equal("broken");
    expect(
      mergeRounds([judgement([spec("a", "passed")]), judgement([spec("a", "not judged")])]).verdict,
    ).to.equal("not judged");
  });

  describe("with an earlier one", () => {
    const earlier = (status: SpecResult["status"], revision = 3) =>
      ({
        ...judgement([spec("a", status), spec("b", "failed")]),
        run: { revision, replay: false },
      }) as unknown as Results;
    const now = judgement([spec("a", "passed")]);

    it("are unsteady where that failed and nothing was changed since", () => {
      const rounds = [...earlierRound(earlier("failed"), now, 3), now];
      expect(mergeRounds(rounds).verdict).to.equal("unsteady");
    });

    it("are as they are where something was changed since, or the same specs passed before", () => {
      expect(earlierRound(earlier("failed", 2), now, 3)).to.deep.equal([]);
      expect(earlierRound(earlier("passed"), now, 3)).to.deep.equal([]);
    });
  });
});
