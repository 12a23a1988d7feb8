import { expect } from "chai";
import { execa } from "execa";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "../../harness/paths.ts";
import { recordingVersion } from "../../harness/report/recording.ts";
import { resultsSchema } from "../../harness/report/results/schema.ts";
import { kept } from "../recordings/recording.ts";
import { sessionOf } from "./session.ts";

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
    const { lab, failures, files, observations } = await kept(name);
    await mkdir(folder);
    const session = sessionOf(lab, failures);
    await writeFile(join(folder, "session.json"), JSON.stringify(session));
    await writeFile(
      join(folder, "observations.jsonl"),
      [{ recording: recordingVersion, files }, ...observations]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(""),
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
    expect(all)
      .to.match(/^ +one of +master\/files\/…\//m)
      .and.match(/ master\/files\/…\/controller-manager:\d+ {2}KUBE_CONTROLLER/);
  });

  it("exits 2 where no spec matches, or the pattern is none, and writes nothing", async () => {
    const folder = await runFolder("kubelet-on-loopback");
    for (const [given, says] of [
      ["nosuchspec", /no spec matches \/nosuchspec\//],
      ["[", /--grep: expected a regular expression, saw "\["/],
      ["/x/gg", /--grep: expected a regular expression/],
    ] as const) {
      const { exitCode, all } = await replay(folder, "--grep", given);
      expect(all).to.match(says);
      expect(exitCode).to.equal(2);
    }
    expect(await readdir(folder)).to.have.members(["session.json", "observations.jsonl"]);
  });

  it("exits 3, and names the file, where a session or recording is not what it should be", async () => {
    const folder = await runFolder("wrong-flannel-prefix");
    const file = join(folder, "session.json");
    const whole = await readFile(file, "utf8");
    await writeFile(file, whole.slice(0, 500));
    const cut = await replay(folder);
    expect(cut.all)
      .to.contain(`expected a run's session in ${file}, saw no JSON, or half of it`)
      .and.not.contain("destroy");
    expect(cut.exitCode).to.equal(3);
    const { driver, ...rest } = JSON.parse(whole) as Record<string, unknown>;
    await writeFile(file, JSON.stringify(rest));
    expect(await replay(folder)).to.include({ exitCode: 3 });
    await writeFile(file, JSON.stringify({ driver, ...rest, templates: scratch }));
    const other = await replay(folder);
    expect(other.all).to.contain("expected the templates that the run was judged with");
    expect(other.exitCode).to.equal(3);
    await writeFile(file, whole);
    await appendFile(join(folder, "observations.jsonl"), "\n5\n");
    const wrong = await replay(folder);
    expect(wrong.all).to.match(/observations\.jsonl:\d+ {2}expected an observation, saw 5/);
    expect(wrong.exitCode).to.equal(3);
  });

  for (const [what, path, says] of [
    ["a folder that is not there", "reports/nothing", /saw reports\/nothing, nothing there \(ENOENT\)/],
    ["a file", "package.json", /saw package\.json, which is no folder/],
    ["a folder that is no run", "labs", /saw labs, in which there is no session\.json/],
  ] as const) {
    it(`exits 2 where the run is ${what}, and does not speak of destroying`, async () => {
      const { exitCode, all } = await replay(path);
      expect(all).to.match(says).and.not.contain("destroy");
      expect(exitCode).to.equal(2);
    });
  }

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
