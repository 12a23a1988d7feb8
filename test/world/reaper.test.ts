import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { newRun, type Run } from "../../harness/machines/label.ts";
import { membersOf, namespaceLabels } from "../../harness/world/mark.ts";
import { endMembers, removeWorld } from "../../harness/world/remove.ts";
import { Program } from "./program.ts";

const harness = join(import.meta.dirname, "..", "..", "harness");
const url = (file: string) => JSON.stringify(join(harness, file));

/** A harness that makes a world and then does nothing. */
const makes = (run: Run, home: string) => `
  const { createWorld } = await import(${url("world/world.ts")});
  const { lockLab } = await import(${url("machines/lock.ts")});
  await lockLab("test", ${JSON.stringify(run.label)});
  const world = await createWorld(${JSON.stringify(run.label)}, ${JSON.stringify(home)});
  console.log(world.libvirtUri);
  console.log("made");
  setInterval(() => undefined, 1000);
`;

/** The next harness, which first removes what the last one left. */
const reaps = `
  const { reap } = await import(${url("machines/reaper.ts")});
  for (const line of await reap()) console.log(line);
  console.log("reaped");
`;

describe("the reaper", function () {
  this.timeout(90_000);
  let base: string;
  let home: string;
  let run: Run;
  let env: Record<string, string>;

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), "hwr-"));
    home = join(base, "labs", "test");
    run = newRun("test");
    env = { HARDWAY_HOME: base };
  });
  afterEach(async () => {
    await removeWorld(run.label, home);
    await rm(base, { recursive: true, force: true });
  });

  const reap = async (environment = env): Promise<string[]> => {
    await using program = await Program.start(reaps, "reaped", environment);
    return program.lines.filter((line) => line.includes(run.label));
  };

  it("removes what a killed harness has left, and says so once", async () => {
    await using dead = await Program.start(makes(run, home), "made", env);
    await mkdir(join(home, "pool"), { recursive: true });
    await writeFile(join(home, "pool", `${run.label}_master.img`), "");
    await dead.kill();
    expect(membersOf(run.label)).to.have.length(2);
    expect(await reap()).to.deep.equal([`${run.label}: 2 processes, its namespace, 1 volume`]);
    expect(membersOf(run.label)).to.deep.equal([]);
    expect(namespaceLabels()).not.to.include(run.label);
    expect(await readdir(join(home, "pool"))).to.deep.equal([]);
    expect(await reap()).to.deep.equal([]);
  });

  it("is what status and doctor announce, and what destroy does", async () => {
    await using dead = await Program.start(makes(run, home), "made", env);
    const command = async (...words: string[]) => {
      const argv = [join(harness, "start.mjs"), ...words];
      const { all } = await execa(process.execPath, argv, { all: true, reject: false, env });
      return all.split("\n").filter((line) => line.includes(run.label));
    };
    expect((await command("destroy")).join()).to.match(
      /^not touched: .*, held by pid \d+ .*; wait for it to end, or end it/,
    );
    await dead.kill();
    const left = `${run.label}, a run that died: 2 processes, its namespace`;
    expect(await command("status")).to.deep.equal([`left over: ${left}; npm run lab -- destroy`]);
    const [found] = await command("doctor", "--lab", "embedded");
    expect(found)
      .to.match(/^\? left over +/)
      .and.include(`${left}; the next run removes it first`);
    const removed = `removed what a run that died had left: ${run.label}: 2 processes, its namespace`;
    expect(await command("destroy")).to.deep.equal([removed]);
    expect(await command("destroy")).to.deep.equal([]);
  });

  it("never touches a run whose harness is alive", async () => {
    await using alive = await Program.start(makes(run, home), "made", env);
    expect(await reap()).to.deep.equal([]);
    expect(membersOf(run.label).map(({ mark }) => mark?.owner.pid)).to.deep.equal([alive.pid, alive.pid]);
  });

  it("never touches a lab that was left up, until its processes are gone", async () => {
    await using kept = await Program.start(makes(run, home), "made", env);
    const state = { label: run.label, uri: kept.lines[0], folder: base, stage: "up" };
    await writeFile(join(home, "state.json"), JSON.stringify(state));
    await kept.kill();
    expect(await reap()).to.deep.equal([]);
    expect(membersOf(run.label)).to.have.length(2);
    await endMembers(run.label);
    expect(await reap()).to.deep.equal([`${run.label}: its namespace`]);
  });

  it("leaves to another HARDWAY_HOME what is its own, unless that is gone", async () => {
    await using dead = await Program.start(makes(run, home), "made", env);
    await dead.kill();
    const other = await mkdtemp(join(tmpdir(), "hwr-"));
    try {
      expect(await reap({ HARDWAY_HOME: other })).to.deep.equal([]);
      expect(membersOf(run.label)).to.have.length(2);
      await rm(base, { recursive: true });
      expect(await reap({ HARDWAY_HOME: other })).to.have.length(1);
      expect(membersOf(run.label)).to.deep.equal([]);
    } finally {
      await rm(other, { recursive: true });
    }
  });

  for (const moment of [0, 15, 40, 80, 120]) {
    it(`finds everything of a harness killed ${moment} ms into making its world`, async () => {
      const announced = makes(run, home).replace("const world", 'console.log("making"); const world');
      await using dead = await Program.start(announced, "making", env);
      await new Promise((resolve) => setTimeout(resolve, moment));
      await dead.kill();
      await reap();
      expect(membersOf(run.label)).to.deep.equal([]);
      expect(namespaceLabels()).not.to.include(run.label);
      expect(existsSync(join(home, "worlds", run.label))).to.equal(false);
    });
  }
});
