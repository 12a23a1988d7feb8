import { expect } from "chai";
import { merged, spread, steadinessTable, together } from "../../harness/report/steadiness.ts";
import type { SpecResult, SpecStatus } from "../../harness/report/results/spec.ts";
import { aFailure, aSpec, someResults, unsteadyResults } from "./some-results.ts";

/** What becomes of a spec in so many judgings, each of the status given. */
const after = (...statuses: SpecStatus[]): SpecResult | undefined =>
  merged(statuses.map((status, index) => [aSpec("one", { status, lastSeen: `round ${index}` })]))[0];

describe("several judgings as one", () => {
  const expected: [SpecStatus, SpecStatus[]][] = [
    ["passed", ["passed", "passed", "passed"]],
    ["failed", ["failed", "failed"]],
    ["unsteady", ["passed", "failed", "passed"]],
    ["unsteady", ["failed", "passed", "not judged"]],
    ["not judged", ["passed", "not judged", "passed"]],
    ["not judged", ["not judged", "not judged"]],
    ["failed", ["not judged", "failed"]],
    ["unsteady", ["passed", "unsteady"]],
  ];
  for (const [status, rounds] of expected) {
    it(`makes ${status} of ${rounds.join(", ")}, in whichever order`, () => {
      expect(after(...rounds)?.status).to.equal(status);
      expect(after(...rounds.toReversed())?.status).to.equal(status);
      expect(after(...rounds)?.rounds?.map((round) => round.status)).to.deep.equal(rounds);
    });
  }

  it("tells most of the last that failed, else of the first not judged, else of the longest", () => {
    expect(after("failed", "passed", "failed", "not judged")?.lastSeen).to.equal("round 2");
    expect(after("passed", "not judged", "not judged")?.lastSeen).to.equal("round 1");
    const times = [10, 3000, 20].map((elapsed) => [aSpec("one", { elapsed, looks: elapsed })]);
    expect(merged(times)[0]).to.include({ elapsed: 3000, looks: 3000, status: "passed" });
  });

  it("keeps what was seen and how long it took in each", () => {
    const [spec] = merged([[aSpec("one", { looks: 3, elapsed: 1500, lastSeen: "22" })], [aFailure("one")]]);
    expect(spec?.rounds).to.deep.equal([
      { status: "passed", looks: 3, elapsed: 1500, saw: "22" },
      { status: "failed", looks: 41, elapsed: 60_200, saw: aFailure("one").lastSeen },
    ]);
    expect(spec?.error).to.deep.equal(aFailure("one").error);
  });

  it("keeps the order, and takes a spec that a judging did not come to as not judged in it", () => {
    const [one, two, three] = [aSpec("one"), aSpec("two"), aSpec("three")];
    const specs = merged([
      [one, two],
      [one, two, three],
      [one, three],
    ]);
    expect(specs.map(({ title, status }) => [title.at(-1), status])).to.deep.equal([
      ["one", "passed"],
      ["two", "not judged"],
      ["three", "not judged"],
    ]);
    expect(specs[1]?.rounds?.map(({ status }) => status)).to.deep.equal(["passed", "passed", "not judged"]);
  });

  it("tells specs of the same title in two files apart", () => {
    const specs = [aSpec("one"), aSpec("one", { file: "specs/4-etcd.spec.ts" })];
    expect(merged([specs, specs])).to.have.lengthOf(2);
  });

  it("is the judging itself where there was one, and nothing where there was none", () => {
    expect(merged([[aSpec("one")]])).to.deep.equal([aSpec("one")]);
    expect(merged([])).to.deep.equal([]);
    expect(together([])).to.equal("not judged");
  });
});

describe("how long a spec took", () => {
  const waiting = (...elapsed: number[]): SpecResult | undefined =>
    merged(elapsed.map((ms) => [aSpec("one", { elapsed: ms, looks: ms > 100 ? 5 : 1 })]))[0];

  it("is told by the least, the median and the most of its judgings", () => {
    const spreadOf = (...elapsed: number[]) => spread(waiting(...elapsed) ?? aSpec("none"));
    expect(spreadOf(3000, 1000, 2500)).to.deep.equal({ min: 1000, median: 2500, max: 3000 });
    expect(spreadOf(4000, 10, 2000, 1000)).to.deep.equal({ min: 10, median: 1500, max: 4000 });
    expect(spread(aSpec("one", { looks: 2, elapsed: 700 }))).to.deep.equal({
      min: 700,
      median: 700,
      max: 700,
    });
  });

  it("is not told of one that never waited, and not from judgings that did not come to it", () => {
    expect(spread(waiting(10, 20) ?? aSpec("none"))).to.equal(undefined);
    const open = aSpec("one", { status: "not judged", looks: 0, elapsed: 0 });
    const [spec] = merged([[aSpec("one", { looks: 5, elapsed: 900 })], [open]]);
    expect(spec && spread(spec)).to.deep.equal({ min: 900, median: 900, max: 900 });
  });
});

describe("the table of steadiness", () => {
  it("has what waited or changed, and nothing else, in columns", () => {
    expect(steadinessTable(unsteadyResults())).to.equal(
      [
        "judged  looks  min s  median s  max s  spec",
        "✓           7    3.2       3.2    3.2  ports › worker1 › listens on tcp 10250",
        "✓✗✓      1–41    0.0       1.5   60.2  ports › worker1 › listens on tcp 4194",
      ].join("\n"),
    );
  });

  it("has a spec that was judged in some rounds only, though it never waited", () => {
    const specs = merged([[aSpec("one")], [aSpec("one", { status: "not judged", looks: 0, elapsed: 0 })]]);
    expect(steadinessTable({ specs }).split("\n")[1]).to.match(/^✓\? +1 +ports › worker1 › one$/);
  });

  it("is empty where all passed at their first look", () => {
    expect(steadinessTable(someResults({ specs: [aSpec("one")] }))).to.equal("");
  });

  it("keeps a title on its line", () => {
    const specs = [aSpec("a\nb\u001B[31m", { looks: 2 })];
    expect(steadinessTable({ specs }).split("\n")).to.have.lengthOf(2);
  });
});
