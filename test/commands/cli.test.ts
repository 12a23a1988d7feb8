import { expect } from "chai";
import { execa } from "execa";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockLab } from "../../harness/machines/lock.ts";
import { project } from "../../harness/paths.ts";

describe("the command line", function () {
  this.timeout("60s");
  let home: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "hardway-cli-"));
  });
  after(() => rm(home, { recursive: true }));

  /** Runs a verb as npm does, with a home of its own: nothing of the user's is there to be touched. */
  const lab = (...words: string[]) => labBy([], ...words);

  async function labBy(wrapper: string[], ...words: string[]) {
    const [command = "", ...rest] = [...wrapper, process.execPath, "harness/start.mjs", ...words];
    const { exitCode, all } = await execa(command, rest, {
      cwd: project,
      all: true,
      reject: false,
      env: { HARDWAY_HOME: home },
    });
    return { code: exitCode, said: all };
  }

  it("exits 0 after telling what it can do", async () => {
    const { code, said } = await lab("--help");
    expect(code).to.equal(0);
    for (const verb of ["run", "render", "up", "provision", "verify", "ssh", "status", "destroy", "doctor"]) {
      expect(said).to.match(new RegExp(`^ +${verb} `, "m"));
    }
  });

  for (const verb of ["run", "verify", "ssh"]) {
    it(`tells what ${verb} takes`, async () => {
      const { code, said } = await lab(verb, "--help");
      expect(code).to.equal(0);
      expect(said).to.match(new RegExp(`^npm run lab -- ${verb}`));
    });
  }

  it("exits 2 where there is no verb, or no such verb", async () => {
    expect(await lab()).to.have.property("code", 2);
    const { code, said } = await lab("launch");
    expect(code).to.equal(2);
    expect(said).to.match(/no verb launch/);
  });

  it("exits 2 at an unknown option, and says where to look", async () => {
    const { code, said } = await lab("run", "--lap", "embedded");
    expect(code).to.equal(2);
    expect(said)
      .to.match(/--lap/)
      .and.match(/run --help/);
  });

  it("exits 2 at a mistake in a lab file, with its line", async () => {
    const file = join(home, "mistaken.yaml");
    const text = await readFile(join(project, "labs", "embedded.yaml"), "utf8");
    await writeFile(file, text.replace("address: 10.146.47.110", "address: 10.146.48.110"));
    const { code, said } = await lab("run", "--lab", file);
    expect(code).to.equal(2);
    expect(said).to.match(/mistaken\.yaml:11:\d+ /);
  });

  it("exits 2 where --daemons makes no sense", async () => {
    const { code, said } = await lab("run", "--lab", "centos7", "--daemons", "upstream");
    expect(code).to.equal(2);
    expect(said).to.match(/stand-ins/);
  });

  it("exits 3 without root, before anything is made, with the one command to run", async () => {
    // Somebody who may read everything, so that it does not matter where the project lies.
    const reader = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"];
    const nobody = ["setpriv", "--reuid=65534", "--clear-groups", ...reader];
    const { code, said } = await labBy(nobody, "run", "--lab", "embedded");
    expect(code).to.equal(3);
    expect(said)
      .to.match(/only root can make/)
      .and.match(/sudo .*npm run e2e/);
    expect(await readdir(home)).not.to.include("labs");
  });

  it("exits 3 where a lab is wanted that is not up", async () => {
    const { code, said } = await lab("verify", "--lab", "embedded");
    expect(code).to.equal(3);
    expect(said).to.match(/was not left up/);
  });

  it("exits 3 where another run has the lab, and names it", async () => {
    await using _lock = await lockLab("embedded", "hardway-embedded-000000", join(home, "labs", "embedded"));
    const { code, said } = await lab("run", "--lab", "embedded");
    expect(code).to.equal(3);
    expect(said).to.match(new RegExp(`held by pid ${process.pid}`));
  });
});
