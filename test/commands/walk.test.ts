import { expect } from "chai";
import { execa } from "execa";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathOptions } from "../../harness/commands/command.ts";
import { commands } from "../../harness/commands/index.ts";
import { project } from "../../harness/paths.ts";
import type { Answered } from "./parts/answers.ts";

describe("every verb, with every option that takes a path", function () {
  this.timeout("300s");
  let scratch: string;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "hardway-walk-"));
    await mkdir(join(scratch, "folder"));
    await writeFile(join(scratch, "file"), "a text that is nothing of ours\n");
    await mkdir(join(scratch, "locked"));
    await writeFile(join(scratch, "locked.yaml"), "name: x\n");
    await chmod(join(scratch, "locked"), 0);
    await chmod(join(scratch, "locked.yaml"), 0);
    await symlink("nowhere", join(scratch, "dangling"));
    await symlink("circle", join(scratch, "circle"));
  });
  after(async () => {
    await chmod(join(scratch, "locked"), 0o700);
    await rm(scratch, { recursive: true });
  });

  /** Paths of each kind that no option can mean, as a person types them in the scratch folder. */
  const kinds = {
    missing: ["./none", "./none.yaml"],
    empty: [""],
    "a file": ["./file", "./file/below"],
    "a folder": ["./folder"],
    unreadable: ["./locked", "./locked.yaml", "./locked/below"],
    "a symlink": ["./dangling", "./circle"],
    outside: ["/etc", "/etc/passwd", "../../../../../../etc", "/dev/null", "/proc/self/mem"],
  };

  const places = commands.flatMap((command) => [
    ...Object.keys(command.options)
      .filter((option) => pathOptions.has(option))
      .map((option) => ({ command, option })),
    ...(command.takesPath === true ? [{ command, option: undefined }] : []),
  ]);

  function lineOf({ command, option }: (typeof places)[number], path: string): string[] {
    if (option === undefined) return [command.name, path];
    // Without a lab, a run looks for one that this host can run, which takes time.
    const lab = option !== "lab" && "lab" in command.options ? ["--lab", "embedded"] : [];
    const word = command.takesPath === true ? [join(project, "test", "mutants.yaml")] : [];
    const machine = command.name === "ssh" ? ["master"] : [];
    return [command.name, ...machine, ...word, ...lab, `--${option}`, path];
  }

  /** As root without the right to read what it may not, so that a file that is locked is. */
  const asAnybody =
    process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"] : [];

  async function answersTo(lines: string[][]): Promise<Answered[]> {
    await writeFile(join(scratch, "lines.json"), JSON.stringify(lines));
    const part = join(project, "test", "commands", "parts", "answers.ts");
    const tsx = join(project, "node_modules", "tsx", "dist", "loader.mjs");
    const [program, ...args] = [...asAnybody, process.execPath, "--import", tsx, part];
    const { stdout } = await execa(program, [...args, join(scratch, "lines.json")], {
      cwd: scratch,
      env: { HARDWAY_HOME: join(scratch, "home"), INIT_CWD: undefined },
    });
    return JSON.parse(stdout) as Answered[];
  }

  for (const [kind, paths] of Object.entries(kinds)) {
    it(`exits 2 where it is ${kind}, says what it saw, and touches nothing`, async () => {
      const before = await readdir(join(project, "reports")).catch(() => []);
      const lines = places.flatMap((place) => paths.map((path) => lineOf(place, path)));
      const answers = await answersTo(lines);
      expect(answers).to.have.lengthOf(lines.length);
      const wrong = answers.filter(
        ({ code, said }) => code !== 2 || said.trim() === "" || /^ {4}at |bug in hardway/m.test(said),
      );
      expect(wrong).to.deep.equal([]);
      expect(existsSync(join(scratch, "home"))).to.equal(false);
      expect(await readdir(join(project, "reports")).catch(() => [])).to.deep.equal(before);
    });
  }

  it("exits 2 as a process of its own, too", async () => {
    for (const [path = ""] of Object.values(kinds)) {
      const [program, ...args] = [...asAnybody, process.execPath, join(project, "harness", "start.mjs")];
      const ran = await execa(program, [...args, "run", "--lab", path], {
        cwd: scratch,
        reject: false,
        env: { HARDWAY_HOME: join(scratch, "home"), INIT_CWD: undefined },
      });
      expect(ran.exitCode, ran.stderr).to.equal(2);
    }
  });

  it("is on every verb's way, and every verb is walked", () => {
    const walked = new Set(places.map(({ command }) => command.name));
    expect(commands.map(({ name }) => name).filter((name) => !walked.has(name))).to.deep.equal([]);
    expect(places.length).to.be.greaterThan(20);
  });
});
