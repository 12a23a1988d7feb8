import { expect } from "chai";
import { execa } from "execa";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownTemplates, project } from "../../harness/paths.ts";
import { recordingVersion } from "../../harness/report/recording.ts";
import { resultsSchema } from "../../harness/report/results/schema.ts";
import { kept } from "../recordings/recording.ts";

describe("replay", function () {
  this.timeout("60s");
  let scratch = "";
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "hardway-replay-"));
  });
  after(() => rm(scratch, { recursive: true }));

  /** A run's folder as it lies under reports/, from a kept recording. */
  async function runFolder(name: string): Promise<string> {
    const folder = join(scratch, name);
    const { lab, failures, observations } = await kept(name);
    await mkdir(folder);
    const session = {
      id: "3023c8",
      chosen: "as asked",
      lab,
      placement: { label: "hardway-embedded-3023c8" },
      driver: "no vmx or svm in /proc/cpuinfo",
      startedAt: "2026-11-25T00:53:19.000Z",
      templates: ownTemplates,
      provisioned: { digest: "", revision: 1, failures },
      stages: [],
    };
    await writeFile(join(folder, "session.json"), JSON.stringify(session));
    await writeFile(
      join(folder, "observations.jsonl"),
      [{ recording: recordingVersion }, ...observations].map((line) => `${JSON.stringify(line)}\n`).join(""),
    );
    return folder;
  }

  const replay = (...words: string[]) =>
    execa(process.execPath, ["harness/start.mjs", "replay", ...words], {
      cwd: project,
      all: true,
      reject: false,
    });

  it("judges a healthy run again, exits 0, and writes every report beside the recording", async () => {
    const folder = await runFolder("healthy");
    const { exitCode, all } = await replay(folder);
    expect(all).to.match(/^the cluster works: \d+ specs on 3 machines, \d+ passed, 0 failed$/m);
    expect(exitCode).to.equal(0);
    expect(await readdir(join(folder, "replay"))).to.have.members([
      "results.json",
      "junit.xml",
      "report.html",
    ]);
    const results = resultsSchema.parse(
      JSON.parse(await readFile(join(folder, "replay", "results.json"), "utf8")),
    );
    expect(results.run.replay).to.equal(true);
    expect(results.screenshots).to.have.lengthOf(1);
  });

  it("exits 1 where the cluster was broken, and opens with the cause", async () => {
    const folder = await runFolder("no-key-for-the-controllers");
    const { exitCode, all } = await replay(folder, "--grep", "^(?!packages)");
    expect(exitCode).to.equal(1);
    expect(all).to.match(
      /^✗ master default service account token's signature: expected verified, saw no secret$/m,
    );
    expect(all).to.match(
      /^ +set by +provision\/master\/files\/etc\/kubernetes\/controller-manager:\d+ {2}KUBE_CONTROLLER/m,
    );
  });

  it("exits 3 where a run has no recording", async () => {
    const folder = await runFolder("healthy").catch(() => join(scratch, "healthy"));
    await rm(join(folder, "observations.jsonl"));
    const { exitCode, all } = await replay(folder);
    expect(exitCode).to.equal(3);
    expect(all).to.match(/expected a recording in .+, saw no observations\.jsonl/);
  });

  it("exits 2 where no run is named", async () => {
    const { exitCode } = await replay();
    expect(exitCode).to.equal(2);
  });
});
