import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { fixedLab, labNames } from "./labs.ts";
import { filesFor, scriptsFor } from "./rendered.ts";
import { syntaxOf } from "./syntax.ts";

const dropIn = /^\/etc\/systemd\/system\/([^/]+)\.d\/[^/]+\.conf$/;

/** What systemd says of a drop-in, beside a unit that is otherwise as plain as can be. */
async function systemdComplaints(path: string, content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hardway-units-"));
  const unit = dropIn.exec(path)?.[1] ?? "";
  try {
    await writeFile(join(folder, unit), "[Service]\nExecStart=/bin/true\n");
    await mkdir(join(folder, `${unit}.d`));
    await writeFile(join(folder, `${unit}.d`, basename(path)), content);
    const env = { SYSTEMD_UNIT_PATH: `${folder}:` };
    const { stderr } = await execa("systemd-analyze", ["verify", "--man=no", join(folder, unit)], {
      env,
      reject: false,
    });
    return stderr;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("what a machine is given", () => {
  for (const name of labNames) {
    it(`is read on ${name} by those it is for`, async () => {
      const lab = await fixedLab(name);
      for (const machine of lab.machines) {
        for (const { path, content, template } of await filesFor(lab, machine)) {
          const place = `${machine.name} ${path} (${template})`;
          if (/\.ya?ml$/.test(path)) {
            const errors = parseAllDocuments(content).flatMap((document) => document.errors);
            expect(errors.map(String), place).to.deep.equal([]);
            continue;
          }
          const complaints = syntaxOf(path)?.(content) ?? [
            "no reader known: add one to test/render/syntax.ts",
          ];
          expect(complaints, place).to.deep.equal([]);
          expect(content, `${place} ends its last line`).to.match(/\n$/);
        }
      }
    });

    it(`has scripts that shellcheck finds no fault with on ${name}`, async () => {
      const lab = await fixedLab(name);
      const scripts = Object.assign(
        {},
        ...(await Promise.all(lab.machines.map((one) => scriptsFor(lab, one)))),
      ) as Record<string, string>;
      expect(Object.keys(scripts)).not.to.be.empty;
      const folder = await mkdtemp(join(tmpdir(), "hardway-scripts-"));
      try {
        const files = Object.entries(scripts).map(([path, text]) => ({
          file: path.replace(/\.hbs$/, ""),
          text,
        }));
        for (const { file, text } of files) {
          await mkdir(dirname(join(folder, file)), { recursive: true });
          await writeFile(join(folder, file), text);
        }
        const names = files.map(({ file }) => file);
        const { stdout } = await execa("shellcheck", ["--format=gcc", ...names], {
          cwd: folder,
          reject: false,
        });
        expect(stdout).to.equal("");
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    if (existsSync("/usr/bin/systemd-analyze")) {
      it(`has drop-ins that systemd accepts on ${name}`, async () => {
        const lab = await fixedLab(name);
        const files = (await Promise.all(lab.machines.map((machine) => filesFor(lab, machine)))).flat();
        const dropIns = new Map(
          files.filter(({ path }) => dropIn.test(path)).map((file) => [file.path, file.content]),
        );
        expect(dropIns.size).to.be.greaterThan(0);
        for (const [path, content] of dropIns)
          expect(await systemdComplaints(path, content), path).to.equal("");
      });
    }
  }
});
