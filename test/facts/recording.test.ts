import { expect } from "chai";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NotJudged } from "../../harness/errors.ts";
import type { Asked, Observation } from "../../harness/facts/fact.ts";
import { RecordedClock, recordedObservers } from "../../harness/facts/recorded.ts";
import { readRecordings, record, recordingIn } from "../../harness/report/recording.ts";

const signal = new AbortController().signal;
const machines = ["one", "two"].map((name) => ({ name, role: "worker" as const, address: "10.146.47.110" }));

/** "one listeners" as one line of a recording: the machine, the fact, and what for. */
function observed(line: string, at: number): Observation {
  const [machine = "", fact = "", ...purpose] = line.split(" ");
  return {
    machine,
    fact,
    args: [],
    command: fact,
    ...(purpose.length === 0 ? {} : { purpose: purpose.join(" ") as "act" | "act here" | "inquiry" }),
    at: new Date(at * 1000).toISOString(),
    ms: 10,
    code: 0,
    stdout: `${fact} ${at}`,
    stderr: "",
  };
}

/** Asks a recording, line by line; what it answers: "pods 3", or "-" where it has nothing. */
async function replayed(recording: readonly string[], asked: readonly string[]): Promise<string[]> {
  const observations = recording.map(observed);
  const clock = new RecordedClock(observations);
  const observers = recordedObservers(machines, observations, clock);
  const answers: string[] = [];
  for (const line of asked) {
    const { machine, fact, command, purpose } = observed(line, 0);
    const question: Asked = { fact, args: [], command, purpose };
    const observer = observers.find(({ name }) => name === machine);
    const [seen] = (await observer?.observe([question], signal)) ?? [];
    answers.push(seen === undefined || seen.missing === true ? "-" : seen.stdout);
  }
  return answers;
}

describe("a recording, asked again", () => {
  it("answers the first time, then the second time, and then what it answered last", async () => {
    expect(await replayed(["one pods", "one pods"], ["one pods", "one pods", "one pods"])).to.deep.equal([
      "pods 0",
      "pods 1",
      "pods 1",
    ]);
  });

  it("answers by what had been done up to then, however often it was asked before", async () => {
    const recording = ["one pods", "one pods", "one create act", "one pods", "one remove act", "one pods"];
    expect(await replayed(recording, ["one pods", "one create act", "one pods", "one pods"])).to.deep.equal([
      "pods 0",
      "create 2",
      "pods 3",
      "pods 3",
    ]);
    expect(await replayed(recording, ["one create act", "one remove act", "one pods"])).to.deep.equal([
      "create 2",
      "remove 4",
      "pods 5",
    ]);
  });

  it("does not answer what was not asked between two acts", async () => {
    const recording = ["one pods", "one create act", "one remove act", "one pods"];
    expect(await replayed(recording, ["one pods", "one create act", "one pods"])).to.deep.equal([
      "pods 0",
      "create 1",
      "-",
    ]);
  });

  it("knows that what is done on one machine alone changes nothing on another", async () => {
    const recording = ["one start act here", "one listeners", "two listeners"];
    expect(await replayed(recording, ["two listeners", "one listeners"])).to.deep.equal(["listeners 2", "-"]);
    expect(await replayed(recording, ["one start act here", "one listeners"])).to.deep.equal([
      "start 0",
      "listeners 1",
    ]);
  });

  it("answers an inquiry by what was seen next, which takes nothing from what specs look at", async () => {
    const recording = ["one unit", "one unit inquiry", "one unit", "one unit inquiry"];
    const asked = ["one unit", "one unit inquiry", "one unit inquiry", "one unit", "one unit inquiry"];
    expect(await replayed(recording, asked)).to.deep.equal([
      "unit 0",
      "unit 1",
      "unit 1",
      "unit 2",
      "unit 3",
    ]);
    expect(await replayed(["one unit"], ["one unit inquiry", "one unit"])).to.deep.equal([
      "unit 0",
      "unit 0",
    ]);
    expect(await replayed(["one unit"], ["one journal inquiry"])).to.deep.equal(["-"]);
  });
});

describe("a recording's file", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-recording-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("gives back what was observed, by a version that it names", async () => {
    const files = [
      { machine: "one", path: "/etc/hosts", sha256: "0".repeat(64), mode: "644", owner: "root:root" },
    ];
    const all = ["one pods", "one create act", "two unit inquiry"].map(observed);
    {
      await using file = await record(folder, 1, files);
      for (const seen of all) file.add(seen);
    }
    expect(await readRecordings(folder)).to.deep.equal([{ files, observations: all }]);
    expect((await readFile(join(folder, "observations.jsonl"), "utf8")).split("\n")[0]).to.equal(
      JSON.stringify({ recording: 2, files }),
    );
  });

  const line = JSON.stringify(observed("one pods", 0));
  const refused: [what: string, text: string, message: string][] = [
    ["has no version", line, "x.jsonl: expected a recording of version 2, saw version 1"],
    ["is of a later version", '{"recording":3}', "x.jsonl: expected a recording of version 2, saw version 3"],
    [
      "does not say what the machines were given",
      '{"recording":2}',
      "x.jsonl:1  expected a recording's head, saw `files`:",
    ],
    ["is empty", "", "x.jsonl: expected a recording, saw an empty file"],
    [
      "breaks off",
      `{"recording":2,"files":[]}\n${line}\n${line.slice(0, 40)}`,
      "x.jsonl:3  expected an observation, saw",
    ],
    ["has another thing", `{"recording":2,"files":[]}\n[]`, "x.jsonl:2  expected an observation, saw"],
    [
      "has a time that is none",
      `{"recording":2,"files":[]}\n${line.replace(/"at":"[^"]*"/, '"at":"yesterday"')}`,
      "x.jsonl:2  expected an observation, saw `at`:",
    ],
    [
      "has a number in the place of a text",
      `{"recording":2,"files":[]}\n${line.replace('"stdout":"pods 0"', '"stdout":7')}`,
      "x.jsonl:2  expected an observation, saw `stdout`:",
    ],
  ];
  for (const [what, text, message] of refused) {
    it(`is not judged where it ${what}`, () => {
      expect(() => recordingIn(text, "x.jsonl"))
        .to.throw(NotJudged)
        .with.property("message")
        .that.includes(message);
    });
  }

  it("is not judged where it is another thing than a recording", async () => {
    await writeFile(join(folder, "observations.jsonl"), "\u0000\u0001");
    const error = await readRecordings(folder).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(NotJudged);
  });
});
