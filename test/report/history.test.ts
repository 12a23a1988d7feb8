import { expect } from "chai";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { historyFile, readHistory, remember, runOf, type PastRun } from "../../harness/report/history.ts";
import { resultsSchema, type Results } from "../../harness/report/results/schema.ts";
import type { SpecResult } from "../../harness/report/results/spec.ts";
import { slower, timesOf } from "../../harness/report/times.ts";

interface Took {
  stages?: Record<string, number>;
  /** Milliseconds of the waits, by the specs' links. */
  waits?: Record<string, number[]>;
}

const spec = (link: string, elapsed: number, status: SpecResult["status"] = "passed"): SpecResult => ({
  file: "specs/7-kubernetes.spec.ts",
  title: ["kubernetes", link],
  link,
  status,
  looks: 2,
  elapsed,
  waits: [{ looks: 2, elapsed, budget: 120_000 }],
  history: [],
  evidence: [],
});

function results({ stages = {}, waits = {} }: Took, changes: Partial<Results> = {}): Results {
  return resultsSchema.parse({
    version: 3,
    verdict: "works",
    exitCode: 0,
    causes: [],
    lab: { name: "embedded", file: "labs/embedded.yaml", summary: "", chosen: "", driver: "no vmx or svm" },
    run: {
      id: "ffffff",
      label: "",
      startedAt: "2026-11-24T10:00:00.000Z",
      endedAt: "",
      replay: false,
      revision: 1,
    },
    templates: { folder: "provision", digest: "d", changedSince: false },
    tools: {},
    stages: Object.entries(stages).map(([name, ms]) => ({
      name,
      status: "done",
      startedAt: "",
      ms,
      summary: "",
    })),
    machines: [
      {
        name: "master",
        role: "master",
        address: "10.146.47.100",
        system: { os: "", kernel: "" },
        parts: [{ name: "kubelet", kind: "stand-in", version: "1", origin: "" }],
      },
    ],
    images: [],
    specs: Object.entries(waits).flatMap(([link, times]) => times.map((ms) => spec(link, ms))),
    facts: [],
    times: [],
    rounds: 1,
    screenshots: [],
    ...changes,
  });
}

/** Runs that were like it, with a stage's time each. */
const past = (
  times: number[],
  took: (ms: number) => Took = (ms) => ({ stages: { provision: ms } }),
): PastRun[] => times.map((ms, index) => ({ ...runOf(results(took(ms))), id: `00000${index}` }));

const one = (run: Results, before: PastRun[], what = "provision") =>
  timesOf(run, before).find((time) => time.what === what);

describe("how long a run took", () => {
  const usual = [145_000, 143_000, 149_000, 146_000, 141_000, 145_000];

  it("is new with fewer than five runs to compare with", () => {
    const time = one(results({ stages: { provision: 500_000 } }), past(usual.slice(0, 4)));
    expect(time).to.deep.equal({ what: "provision", kind: "stage", ms: 500_000, runs: 4, change: "new" });
  });

  it("is usual within noise, slower or faster beyond, against the median", () => {
    const of = (ms: number) => one(results({ stages: { provision: ms } }), past(usual));
    expect(of(160_000)).to.include({ change: "usual", median: 145_000, runs: 6 });
    expect(of(180_000)).to.include({ change: "slower", median: 145_000 });
    expect(of(100_000)).to.include({ change: "faster" });
  });

  it("is not called slower for a moment on a short stage, though past runs were all alike", () => {
    const before = past([100, 100, 100, 100, 100]);
    expect(one(results({ stages: { provision: 2900 } }), before)).to.include({ change: "usual" });
    expect(one(results({ stages: { provision: 3200 } }), before)).to.include({ change: "slower" });
  });

  it("takes a wide spread for noise, and is not moved by one run that went wrong", () => {
    const wide = past([100_000, 140_000, 60_000, 120_000, 80_000, 100_000]);
    expect(one(results({ stages: { provision: 200_000 } }), wide)).to.include({ change: "usual" });
    const spoilt = past([...usual, 3_000_000]);
    expect(one(results({ stages: { provision: 180_000 } }), spoilt)).to.include({ change: "slower" });
  });

  it("looks at the latest twenty runs", () => {
    const before = past([...Array<number>(30).fill(10_000), ...Array<number>(20).fill(100_000)]);
    expect(one(results({ stages: { provision: 100_000 } }), before)).to.include({
      change: "usual",
      runs: 20,
    });
  });

  it("calls next to nothing slower where runs differ by chance", () => {
    let seed = 7;
    const chance = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const took = () => 100_000 * (1 + 0.08 * (chance() + chance() + chance() - 1.5));
    const changes = Array.from({ length: 500 }, () => {
      const before = past(Array.from({ length: 6 }, took));
      return one(results({ stages: { provision: took() } }), before)?.change;
    });
    expect(changes.filter((change) => change !== "usual").length).to.be.lessThan(5);
  });

  it("is compared with the same driver, the same stand-ins and completed stages alone", () => {
    const run = results({ stages: { provision: 500_000 } });
    const other = (changes: Partial<PastRun>) => past(usual).map((before) => ({ ...before, ...changes }));
    expect(one(run, other({ driver: "vmx in /proc/cpuinfo and /dev/kvm usable" }))).to.include({ runs: 0 });
    expect(one(run, other({ standIns: [] }))).to.include({ runs: 0 });
    expect(one(run, other({ id: "ffffff" }))).to.include({ runs: 0 });
    const failed = { name: "provision", status: "failed" as const, startedAt: "", ms: 500_000, summary: "" };
    expect(timesOf(results({}, { stages: [failed] }), past(usual))).to.deep.equal([]);
    expect(runOf(results({}, { stages: [failed] })).stages).to.deep.equal({});
  });

  it("is compared before any machine was observed, too", () => {
    const early = results({ stages: { provision: 180_000 } }, { machines: [] });
    expect(one(early, past(usual))).to.include({ change: "slower" });
  });

  it("compares judging with judgings of as many specs that came to an end", () => {
    const judged = (ms: number): Took => ({ stages: { judge: ms }, waits: { a: [1] } });
    const before = past([100_000, 100_000, 100_000, 100_000, 100_000], judged);
    const run = results(judged(200_000));
    expect(one(run, before, "judge")).to.include({ change: "slower" });
    expect(
      one(
        run,
        before.map((each) => ({ ...each, judged: 200 })),
        "judge",
      ),
    ).to.include({ runs: 0 });
    expect(
      one(
        run,
        before.map((each) => ({ ...each, verdict: "broken" })),
        "judge",
      ),
    ).to.include({ runs: 0 });
  });

  it("has what converged by the longest of its specs that passed", () => {
    const took = (ms: number): Took => ({ waits: { "worker1/node": [10, ms, 20] } });
    const before = past([36_000, 35_000, 37_000, 36_000, 36_000], took);
    expect(one(results(took(60_000)), before, "worker1/node")).to.deep.equal({
      what: "worker1/node",
      kind: "convergence",
      ms: 60_000,
      median: 36_000,
      runs: 5,
      change: "slower",
    });
    const failed = results({}, { specs: [spec("worker1/node", 120_000, "failed")] });
    expect(timesOf(failed, before)).to.deep.equal([]);
  });

  it("names by its title what is about nothing in particular", () => {
    const { link: _link, ...untied } = spec("x", 5000);
    expect(one(results({}, { specs: [untied] }), [], "kubernetes › x")).to.include({ ms: 5000 });
  });

  it("is told in a line where it is longer than usual", () => {
    const times = timesOf(results({ stages: { provision: 180_000, up: 9000 } }), past(usual));
    expect(slower({ times })).to.deep.equal(["provision 180 s, usually 145 s (median of 6 runs)"]);
    const short = timesOf(results({ stages: { provision: 9_500 } }), past([1000, 1000, 1000, 1000, 1000]));
    expect(slower({ times: short })).to.deep.equal(["provision 9.5 s, usually 1.0 s (median of 5 runs)"]);
  });
});

describe("a lab's past runs", () => {
  let home: string;
  let file: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "hardway-history-"));
    file = historyFile("embedded", join(home, "labs", "embedded"));
  });
  afterEach(() => rm(home, { recursive: true }));
  const run = (id: string): PastRun => ({ ...runOf(results({ stages: { up: 1 } })), id });

  it("are none at first, and then those that were remembered, the oldest first", async () => {
    expect(await readHistory(file)).to.deep.equal([]);
    for (const id of ["a", "b", "c"]) await remember(file, run(id));
    expect((await readHistory(file)).map(({ id }) => id)).to.deep.equal(["a", "b", "c"]);
    expect((await readHistory(file))[0]).to.deep.equal(run("a"));
    expect(await readdir(join(home, "labs", "embedded"))).to.deep.equal(["history.jsonl"]);
  });

  it("are the last fifty, each once", async () => {
    for (let index = 0; index < 53; index++) await remember(file, run(String(index)));
    await remember(file, { ...run("20"), verdict: "broken" });
    const ids = (await readHistory(file)).map(({ id }) => id);
    expect(ids).to.have.length(50);
    expect(ids[0]).to.equal("3");
    expect(ids.at(-1)).to.equal("20");
    expect((await readFile(file, "utf8")).trimEnd().split("\n")).to.have.length(50);
  });

  it("survive a broken line, and one of another version", async () => {
    await remember(file, run("a"));
    await appendFile(file, '{"id":"b","at"\n\n{"id":"c"}\nnull\n');
    await appendFile(file, `${JSON.stringify({ ...run("d"), more: 1 })}\n`);
    expect((await readHistory(file)).map(({ id }) => id)).to.deep.equal(["a", "d"]);
    await writeFile(file, "\0\0\0");
    await remember(file, run("e"));
    expect((await readHistory(file)).map(({ id }) => id)).to.deep.equal(["e"]);
  });
});
