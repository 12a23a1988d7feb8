import { expect } from "chai";
import { execa } from "execa";
import { readdir } from "node:fs/promises";
import { offerControls } from "../../harness/controls/controls.ts";
import type { ControlOutcome } from "../../harness/controls/outcome.ts";
import { NotJudged } from "../../harness/errors.ts";
import { YumHost } from "./yum-host.ts";

// Never aborted: mocha bounds the tests. A timer made here would run from when the file is loaded.
const { signal } = new AbortController();
const brief = ({ kind, reason, installed }: ControlOutcome) => ({ kind, reason, installed });

describe("negative controls, on this host's own yum", function () {
  this.timeout(60_000);
  const temporary = process.env["TMPDIR"];
  let host: YumHost;

  before(async () => {
    host = await YumHost.start();
    process.env["TMPDIR"] = host.temporary;
  });
  after(async () => {
    if (temporary === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = temporary;
    await host[Symbol.asyncDispose]();
  });

  describe("that checks signatures", () => {
    let outcomes: ControlOutcome[];

    before(async () => {
      outcomes = await offerControls(host, host.lab, { signal });
    });

    it("are refused, each for its own reason, and the genuine package is not", () => {
      expect(outcomes.map(brief)).to.deep.equal([
        { kind: "genuine", reason: undefined, installed: false },
        { kind: "unsigned", reason: "unsigned", installed: false },
        { kind: "foreign", reason: "foreign key", installed: false },
        { kind: "tampered", reason: "tampered", installed: false },
        { kind: "damaged", reason: "tampered", installed: false },
      ]);
    });

    it("import no key", () => {
      expect(outcomes.flatMap(({ imported }) => imported)).to.deep.equal([]);
    });

    it("leave nothing behind", async () => {
      expect(await leftOvers(host)).to.deep.equal([]);
    });
  });

  describe("that checks nothing", () => {
    let outcomes: ControlOutcome[];

    before(async () => {
      await host.useYum("--nogpgcheck");
      outcomes = await offerControls(host, host.lab, { signal });
    });
    after(() => host.useYum(""));

    it("are seen to be installed", () => {
      expect(outcomes.slice(1, 3).map(brief)).to.deep.equal([
        { kind: "unsigned", reason: undefined, installed: true },
        { kind: "foreign", reason: undefined, installed: true },
      ]);
    });

    it("are taken off again", async () => {
      const { stdout } = await host.run("rpm -qa");
      expect(stdout.trim()).to.match(/^gpg-pubkey-\w+-\w+$/);
      expect(await leftOvers(host)).to.deep.equal([]);
    });
  });

  it("are not judged where the genuine package cannot be had", async () => {
    const lab = { ...host.lab, control: { package: "nowhere" } };
    const error = await offerControls(host, lab, { signal }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(NotJudged);
    expect((error as NotJudged).explain())
      .to.match(/expected yum to download nowhere/)
      .and.match(/No match/);
  });
});

/** What of ours is still there: on the machine, on the host, and among its processes. */
async function leftOvers(host: YumHost): Promise<string[]> {
  const found = await execa("find", [host.layers, "-name", "*hardway-control*"]);
  const files = await readdir(host.temporary);
  const { stdout } = await execa("ps", ["-eo", "args"]);
  const agents = stdout.split("\n").filter((line) => line.includes(host.temporary));
  return [...found.stdout.split("\n").filter((line) => line !== ""), ...files, ...agents];
}
