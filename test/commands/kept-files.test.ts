import { expect } from "chai";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { BadConfiguration, LabNotBuilt, NotJudged } from "../../harness/errors.ts";
import { readState } from "../../harness/machines/state.ts";
import { recordingIn, readRecordings, recordingVersion } from "../../harness/report/recording.ts";
import { readSession } from "../../harness/session.ts";
import { kept } from "../recordings/recording.ts";
import { sessionOf } from "./session.ts";

type Json = Record<string, unknown>;

const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "nothing",
    (error: unknown) => error,
  );

describe("what an earlier command wrote down", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-kept-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  describe("as a session", () => {
    let session: Json;
    before(async () => {
      session = sessionOf((await kept("healthy")).lab);
    });

    const read = async (text: string) => {
      await writeFile(join(folder, "session.json"), text);
      return readSession(folder);
    };

    it("is read as it was written", async () => {
      const { id, lab } = await read(JSON.stringify(session));
      expect(id).to.equal("3023c8");
      expect(lab.workers.map(({ name }) => name)).to.deep.equal(["worker1", "worker2"]);
    });

    const without = (key: string) => (whole: Json) =>
      JSON.stringify(Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key)));
    const damaged: [what: string, text: (whole: Json) => string, says: string][] = [
      ["empty", () => "", "an empty file"],
      ["cut off", (whole) => JSON.stringify(whole).slice(0, 300), "no JSON, or half of it"],
      ["null", () => "null", "nothing"],
      ["a list", () => "[]", "a list of 0"],
      ["somebody else's", () => '{"name":"x"}', "`id`: nothing"],
      ["deeper than any", () => "[".repeat(1_000_000), "no JSON"],
      ...["id", "driver", "lab", "templates", "placement", "startedAt", "stages", "box"].map(
        (key): [string, (whole: Json) => string, string] => [
          `without ${key}`,
          without(key),
          `\`${key}\`: nothing`,
        ],
      ),
      [
        "of a lab without machines",
        (whole) => JSON.stringify({ ...whole, lab: { ...(whole["lab"] as Json), machines: [] } }),
        "`lab.machines`: a list of 0",
      ],
      [
        "of a lab with others",
        (whole) =>
          JSON.stringify({
            ...whole,
            lab: { ...(whole["lab"] as Json), workers: [(whole["lab"] as Json)["master"]] },
          }),
        "`lab`",
      ],
      [
        "with failures that are none",
        (whole) => JSON.stringify({ ...whole, provisioned: { digest: "", revision: 1, failures: "x" } }),
        '`provisioned.failures`: "x"',
      ],
      [
        "with another's label",
        (whole) =>
          JSON.stringify({ ...whole, placement: { ...(whole["placement"] as Json), label: "../../x" } }),
        '`placement.label`: "../../x"',
      ],
      ["from no time", (whole) => JSON.stringify({ ...whole, startedAt: "noon" }), '`startedAt`: "noon"'],
    ];
    for (const [what, text, says] of damaged) {
      it(`is named where it is ${what}`, async () => {
        const error = await thrown(read(text(session)));
        expect(error).to.be.instanceOf(LabNotBuilt);
        expect((error as LabNotBuilt).message)
          .to.contain(`session in ${folder}/session.json, saw `)
          .and.contain(says);
      });
    }
  });

  describe("as a lab's state", () => {
    const state = {
      label: "hardway-embedded-0a1b2c",
      uri: "qemu:///system",
      folder: "/reports/run",
      stage: "judged",
    };
    const read = async (text: string) => {
      await writeFile(join(folder, "state.json"), text);
      return readState("embedded", folder);
    };

    it("is read as it was written, and is none where there is no file", async () => {
      expect(await readState("embedded", folder)).to.equal(undefined);
      expect(await read(JSON.stringify(state))).to.deep.equal(state);
    });

    for (const [what, text, says] of [
      ["empty", "", "an empty file"],
      ["cut off", '{"label":', "no JSON"],
      ["null", "null", "nothing"],
      [
        "with a path for its label",
        JSON.stringify({ ...state, label: "../../../precious" }),
        '`label`: "../../../precious"',
      ],
      [
        "of another lab",
        JSON.stringify({ ...state, label: "hardway-other-0a1b2c" }),
        "which is of another lab",
      ],
      ["with a folder that is none", JSON.stringify({ ...state, folder: "../x" }), "`folder`"],
      ["with more than it has", JSON.stringify({ ...state, more: 1 }), "`more`, which is no part of it"],
    ] as const) {
      it(`is named where it is ${what}`, async () => {
        const error = await thrown(read(text));
        expect(error).to.be.instanceOf(BadConfiguration);
        expect((error as BadConfiguration).message)
          .to.contain(`${folder}/state.json, saw `)
          .and.contain(says);
      });
    }

    it("is named where it is a folder or a FIFO", async () => {
      await mkdir(join(folder, "state.json"));
      expect(String(await thrown(readState("embedded", folder)))).to.contain("saw a folder");
      await rm(join(folder, "state.json"), { recursive: true });
      await execa("mkfifo", [join(folder, "state.json")]);
      expect(String(await thrown(readState("embedded", folder)))).to.contain("saw a FIFO");
    });
  });

  describe("as a recording", () => {
    const first = JSON.stringify({ recording: recordingVersion, files: [] });
    const seen = {
      machine: "master",
      fact: "listeners",
      args: [],
      command: "ss -lntup",
      at: "2026-11-25T00:53:19.000Z",
      ms: 3,
      code: 0,
      stdout: "",
      stderr: "",
    };
    const line = (change: Json) => JSON.stringify({ ...seen, ...change });

    it("is read, with lines between that are empty", () => {
      expect(recordingIn(`${first}\n\n${line({})}\n`, "x").observations).to.deep.equal([seen]);
    });

    for (const [what, text, says] of [
      ["empty", "", "x: expected a recording, saw an empty file"],
      ["of the first version", line({}), "x: expected a recording of version 2, saw version 1"],
      ["of a later version", '{"recording":99}', "saw version 99"],
      [
        "somebody else's",
        '{"hello":1}',
        "x:1  expected a recording's first line or an observation, saw `machine`: nothing",
      ],
      ["a number", "5", "x:1  expected a recording's first line or an observation, saw 5"],
      ["with a line that is a number", `${first}\n\n5`, "x:3  expected an observation, saw 5"],
      ["with a line that is null", `${first}\nnull`, "x:2  expected an observation, saw nothing"],
      ["with a line that is a list", `${first}\n[1,2]`, "x:2  expected an observation, saw a list of 2"],
      ["with a line that is cut off", `${first}\n{"machine":`, "x:2  expected an observation, saw no JSON"],
      ["without an output", `${first}\n${line({ stdout: null })}`, "saw `stdout`: nothing"],
      ["without a time", `${first}\n${line({ at: undefined })}`, "saw `at`: nothing"],
      ["from no time", `${first}\n${line({ at: "noon" })}`, 'saw `at`: "noon"'],
      ["with a time in quotes", `${first}\n${line({ ms: "5" })}`, 'saw `ms`: "5"'],
      ["with a time without end", `${first}\n${line({ ms: 1e300 })}`, "saw `ms`: 1e+300"],
      ["with a code in quotes", `${first}\n${line({ code: "0" })}`, 'saw `code`: "0"'],
    ] as const) {
      it(`is named where it is ${what}`, () => {
        expect(() => recordingIn(text, "x")).to.throw(NotJudged, says);
      });
    }

    it("is named where it is a folder", async () => {
      await mkdir(join(folder, "observations.jsonl"));
      const error = await thrown(readRecordings(folder));
      expect(error).to.be.instanceOf(NotJudged);
      expect(String(error)).to.contain("observations.jsonl: expected a recording, saw a folder");
    });
  });
});
