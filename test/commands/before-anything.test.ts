import { expect } from "chai";
import { execa } from "execa";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "../../harness/paths.ts";

/** What is wrong is told before packages, cache, reports or locks are touched: the home stays as empty as it was. */
describe("a mistake in what the user writes", function () {
  this.timeout("60s");
  let scratch = "";
  let home = "";
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), "hardway-before-"));
    home = join(scratch, "home");
    await mkdir(home);
    await cp(join(project, "provision"), join(scratch, "provision"), { recursive: true });
  });
  afterEach(() => rm(scratch, { recursive: true }));

  const reports = (): Promise<string[]> => readdir(join(project, "reports")).catch(() => []);

  /** What a verb says of a mistake, and that it did nothing else. */
  async function refused(...words: string[]): Promise<string> {
    const before = await reports();
    const { exitCode, all } = await execa(process.execPath, ["harness/start.mjs", ...words], {
      cwd: project,
      all: true,
      reject: false,
      env: { HARDWAY_HOME: home },
    });
    expect(exitCode, all).to.equal(2);
    expect(await readdir(home)).to.deep.equal([]);
    expect((await reports()).filter((name) => !before.includes(name))).to.deep.equal([]);
    return all;
  }

  /** The embedded lab, changed. */
  async function labFile(from: string, to: string): Promise<string> {
    const text = await readFile(join(project, "labs", "embedded.yaml"), "utf8");
    expect(text).to.contain(from);
    const file = join(scratch, "lab.yaml");
    await writeFile(file, text.replace(from, to));
    return file;
  }

  for (const verb of ["run", "up", "render"]) {
    it(`is told by ${verb} where it is in a template, with its place`, async () => {
      await appendFile(
        join(scratch, "provision/worker/files/etc/kubernetes/kubelet.hbs"),
        "\n  {{nosuch}}\n",
      );
      const said = await refused(verb, "--lab", "embedded", "--templates", join(scratch, "provision"));
      expect(said).to.match(/kubelet\.hbs:\d+:5 {2}expected a value for "nosuch", saw none/);
    });
  }

  it("is told where it is in a step, with its place", async () => {
    await appendFile(join(scratch, "provision/master/steps/flannel-network.sh.hbs"), "echo {{flannel}}\n");
    const said = await refused("run", "--lab", "embedded", "--templates", join(scratch, "provision"));
    expect(said).to.match(
      /flannel-network\.sh\.hbs:\d+:6 {2}expected a text, a number or a boolean to write/,
    );
  });

  for (const [what, words, says] of [
    [
      "a time of measuring",
      ["bench", "--lab", "embedded", "--times", "0xff"],
      /--times: expected a number from 1/,
    ],
    [
      "a pattern",
      ["run", "--lab", "embedded", "--grep", "["],
      /--grep: expected a regular expression, saw "\["/,
    ],
    [
      "a pattern's flag",
      ["verify", "--lab", "embedded", "--grep", "/x/gg"],
      /--grep: expected a regular expression/,
    ],
    [
      "a pattern that matches nothing",
      ["run", "--lab", "embedded", "--grep", "nosuchspec"],
      /no spec matches \/nosuchspec\//,
    ],
    ["daemons", ["run", "--lab", "embedded", "--daemons", "upsteam"], /did you mean `upstream`\?/],
    ["a lab's name", ["status", "--lab", "embeded"], /did you mean `embedded`\?/],
    ["a lab's path", ["doctor", "--lab", "labs/embeded.yaml"], /did you mean labs\/embedded\.yaml\?/],
    [
      "a lab's path without its ending",
      ["doctor", "--lab", "labs/embedded"],
      /did you mean labs\/embedded\.yaml\?/,
    ],
    ["a machine that is not named", ["ssh"], /ssh: expected a machine, saw none/],
    [
      "a mutant's name",
      ["mutants", "test/mutants.yaml", "--only", "kubelet-on-lopback"],
      /did you mean kubelet-on-loopback\?/,
    ],
    ["a catalogue", ["mutants", "package.json"], /expected a catalogue of mutants/],
  ] as const) {
    it(`is told where it is ${what}`, async () => {
      expect(await refused(...words)).to.match(says);
    });
  }

  it("is told where a lab file has run what is not the project's, and that is not run", async () => {
    const hook = join(scratch, "hook.mjs");
    const proof = join(scratch, "ran");
    await writeFile(
      hook,
      `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(proof)}, "");`,
    );
    const file = await labFile(
      "prepare: testbed/prepare.ts, clean: testbed/clean.ts",
      `prepare: ${hook}, clean: ${hook}`,
    );
    for (const words of [["run"], ["render"], ["doctor"], ["destroy", "--cache"]]) {
      const said = await refused(...words, "--lab", file);
      expect(said).to.match(
        /lab\.yaml:\d+:\d+ {2}hooks\.prepare: expected a module in the project's own folder/,
      );
      expect(said).to.match(/lab\.yaml:\d+:\d+ {2}hooks\.clean: expected/);
    }
    expect(await readdir(scratch)).not.to.include("ran");
  });

  it("is told where the lab file is a FIFO, which nobody writes into", async () => {
    await execa("mkfifo", [join(scratch, "lab.yaml")]);
    expect(await refused("doctor", "--lab", join(scratch, "lab.yaml"))).to.contain(
      "expected a lab file, saw a FIFO",
    );
  });

  it("does nothing to the terminal", async () => {
    const file = await labFile("name: embedded", '"a\\e[2J\\n  hint  b": 1\nname: "\\e]0;x\\a"');
    const said = await refused("doctor", "--lab", file);
    expect(said).not.to.match(/[\u0007\u001b]/);
    expect(said).to.contain("\\u001b[2J\\n");
  });
});

describe("rendering", function () {
  this.timeout("60s");

  it("writes every file as a run would, and prepares nothing", async () => {
    const home = await mkdtemp(join(tmpdir(), "hardway-render-"));
    const { exitCode, all } = await execa(
      process.execPath,
      ["harness/start.mjs", "render", "--lab", "embedded"],
      {
        cwd: project,
        all: true,
        reject: false,
        env: { HARDWAY_HOME: home },
      },
    );
    expect(exitCode, all).to.equal(0);
    const folder = /rendered: \d+ files for 3 machines in (\S+)\/rendered/.exec(all)?.[1] ?? "";
    expect(await readdir(home)).to.deep.equal([]);
    expect((await readdir(join(folder, "rendered"))).sort()).to.deep.equal([
      "Vagrantfile",
      "master",
      "worker1",
      "worker2",
    ]);
    await rm(folder, { recursive: true });
    await rm(home, { recursive: true });
  });
});
