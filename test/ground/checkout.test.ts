import { expect } from "chai";
import { execa } from "execa";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "../../harness/paths.ts";
import { makeCheckout, runIn } from "./checkout.ts";

describe("the ground that the command line stands on", function () {
  this.timeout("120s");
  let scratch: string;
  let checkout: string;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "hardway-ground-"));
    checkout = join(scratch, "original");
    await makeCheckout(checkout);
  });
  after(() => rm(scratch, { recursive: true }));

  /** Does something while the checkout is called something else. */
  async function called<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
    const folder = join(scratch, name);
    await rename(checkout, folder);
    try {
      return await work(folder);
    } finally {
      await rename(folder, checkout);
    }
  }

  const refused = [
    "a?b",
    "a*b",
    "a'b",
    'a"b',
    "a<b",
    "a&b",
    "a:b",
    "a%b",
    "a(b)",
    "a[b]",
    "a{b,c}",
    "a|b",
    "a`b",
  ];
  for (const name of [...refused, "$(touch PWNED)", "%(touch PWNED)", "a;b", "a\nb", "a!b", "a^b"]) {
    it(`exits 2 first of all in a checkout called ${JSON.stringify(name)}`, () =>
      called(name, async (folder) => {
        const { code, said } = await runIn(folder, ["run", "--lab", "embedded"]);
        expect(code, said).to.equal(2);
        expect(said)
          .to.match(/^expected a checkout whose path has no "/)
          .and.match(/hint {2}clone into another folder/);
        expect(existsSync(join(folder, "reports"))).to.equal(false);
        expect(await readdir(folder)).not.to.include("PWNED");
      }));
  }

  for (const name of ["a b", "a#b", "dépôt", "a,b=c@d+e~f"]) {
    it(`works in a checkout called ${name}`, () =>
      called(name, async (folder) => {
        const env = { HARDWAY_HOME: join(scratch, "home") };
        const { code, said } = await runIn(folder, ["render", "--lab", "embedded"], { env });
        expect(code, said).to.equal(0);
        expect(await readdir(join(folder, "reports"))).to.have.lengthOf(1);
        await rm(join(folder, "reports"), { recursive: true });
      }));
  }

  it("refuses a backslash where npm starts it, before Node refuses to load anything", () =>
    called("a\\b", async (folder) => {
      const { exitCode, stderr } = await execa("npm", ["run", "--silent", "lab", "status"], {
        cwd: folder,
        reject: false,
      });
      expect(exitCode).to.equal(2);
      expect(stderr).to.match(/expected a checkout whose path has no "\\"/);
    }));

  it("exits 3 where the present folder is gone", async () => {
    const gone = join(scratch, "gone");
    await mkdir(gone);
    const inside = `rmdir "$PWD" && exec "$0" "$1" status`;
    const start = join(checkout, "harness", "start.mjs");
    const { exitCode, stderr } = await execa("sh", ["-c", inside, process.execPath, start], {
      cwd: gone,
      reject: false,
    });
    expect(exitCode).to.equal(3);
    expect(stderr).to.match(/^the present folder is gone/);
  });

  for (const [what, name] of [
    ["a file", "file"],
    ["not there", "none"],
    ["a symlink that leads nowhere", "dangling"],
  ]) {
    it(`exits 3 where TMPDIR is ${what ?? ""}`, async () => {
      await writeFile(join(scratch, "file"), "");
      await symlink("nowhere", join(scratch, "dangling")).catch(() => undefined);
      const TMPDIR = join(scratch, name ?? "");
      const { code, said } = await runIn(checkout, ["status"], { env: { TMPDIR } });
      expect(code).to.equal(3);
      expect(said)
        .to.match(/^TMPDIR: expected a folder that can be written, saw /)
        .and.include(TMPDIR);
    });
  }

  it("exits 3 where the loader cannot write below TMPDIR", async () => {
    const TMPDIR = join(scratch, "taken");
    await mkdir(TMPDIR);
    await writeFile(join(TMPDIR, `tsx-${process.getuid?.() ?? ""}`), "");
    const { code, said } = await runIn(checkout, ["status"], { env: { TMPDIR } });
    expect(code).to.equal(3);
    expect(said).to.match(/hint {2}TMPDIR=/);
  });

  for (const [name, TMPDIR] of [
    ["relative", "tmp"],
    ["one that a shell would run", "/tmp/$(touch PWNED)"],
  ] as const) {
    it(`exits 2 where TMPDIR is ${name}`, async () => {
      const { code, said } = await runIn(checkout, ["status"], { env: { TMPDIR } });
      expect(code).to.equal(2);
      expect(said).to.match(/^TMPDIR: expected /);
    });
  }

  describe("its packages", () => {
    const modules = () => join(checkout, "node_modules");
    async function without<T>(path: string, work: () => Promise<T>): Promise<T> {
      const kept = join(scratch, "kept");
      await rename(path, kept);
      try {
        return await work();
      } finally {
        await rm(path, { recursive: true, force: true });
        await rename(kept, path);
      }
    }

    for (const name of ["tsx", "execa", "zod"]) {
      it(`exits 3 where ${name} is missing, whatever npm's own list says`, () =>
        without(join(modules(), name), async () => {
          const { code, said } = await runIn(checkout, ["status"]);
          expect(code).to.equal(3);
          expect(said)
            .to.match(new RegExp(`^node_modules is damaged: .*${name}`))
            .and.match(/hint {2}rm -r .*node_modules/);
        }));
    }

    for (const [how, content] of [
      ["cut off", '{ "packages": {'],
      ["another file", "[]"],
    ] as const) {
      it(`exits 3 where npm's own list is ${how}`, () =>
        without(join(modules(), ".package-lock.json"), async () => {
          await writeFile(join(modules(), ".package-lock.json"), content);
          const { code, said } = await runIn(checkout, ["status"]);
          expect(code).to.equal(3);
          expect(said).to.match(/^node_modules is damaged: /);
        }));

      it(`exits 3 where package-lock.json is ${how}`, () =>
        without(join(checkout, "package-lock.json"), async () => {
          await writeFile(join(checkout, "package-lock.json"), content);
          const { code, said } = await runIn(checkout, ["status"]);
          expect(code).to.equal(3);
          expect(said).to.match(/^expected the list of npm packages in .*package-lock\.json/);
        }));
    }

    it("exits 3 where package-lock.json is missing", () =>
      without(join(checkout, "package-lock.json"), async () => {
        const { code, said } = await runIn(checkout, ["status"]);
        expect(code).to.equal(3);
        expect(said).to.match(/git checkout package-lock\.json/);
      }));

    it("exits 3 where a package's file is cut off", () =>
      without(join(modules(), "yaml"), async () => {
        const folder = join(modules(), "yaml");
        await mkdir(folder);
        await writeFile(
          join(folder, "package.json"),
          `{ "name": "yaml", "version": "2.9.1", "main": "index.js" }`,
        );
        await writeFile(join(folder, "index.js"), "exports.parse = functi");
        const { code, said } = await runIn(checkout, ["status"]);
        expect(code).to.equal(3);
        expect(said).to.match(/^node_modules is damaged: /);
      }));

    it("exits 3 where the checkout itself is not whole", () =>
      without(join(checkout, "harness", "budgets.ts"), async () => {
        const { code, said } = await runIn(checkout, ["status"]);
        expect(code).to.equal(3);
        expect(said).to.match(/^the checkout is not whole: .*budgets\.ts/);
      }));

    it("exits 4 at a mistake of ours, and never 1", () =>
      without(join(checkout, "harness", "budgets.ts"), async () => {
        await writeFile(join(checkout, "harness", "budgets.ts"), "export const budget = nothing.at.all;\n");
        const { code, said } = await runIn(checkout, ["status"]);
        expect(code).to.equal(4);
        expect(said).to.match(/^this is a bug in hardway-e2e/);
      }));
  });

  it("has a first look that the oldest Node can read: nothing newer than ECMAScript 5", async () => {
    const text = await readFile(join(project, "harness", "first-look.cjs"), "utf8");
    expect(text.replaceAll(/\/\/.*/g, "")).not.to.match(
      /\b(const|let|import|await|async|class)\b|=>|`|\?\?|\?\.|\.\.\./,
    );
  });

  for (const [version, said] of [
    ["18.20.4", "hardway-e2e needs Node 20.19 or later, this is 18.20.4"],
    ["20.10.0", "hardway-e2e needs Node 20.19 or later, this is 20.10.0"],
    ["22.3.0", "hardway-e2e needs Node 20.19, or 22.12 or later, this is 22.3.0"],
  ] as const) {
    it(`exits 3 in Node ${version}`, async () => {
      const pretended = join(scratch, "pretended.cjs");
      await writeFile(pretended, `Object.defineProperty(process.versions, "node", { value: "${version}" });`);
      const answer = await runIn(checkout, ["run"], { node: ["--require", pretended] });
      expect(answer).to.deep.equal({ code: 3, said });
    });
  }
});
