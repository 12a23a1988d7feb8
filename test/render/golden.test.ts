import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import type { Lab } from "../../harness/lab/lab.ts";
import { project } from "../../harness/paths.ts";
import { renderVagrantfile } from "../../harness/render/vagrantfile.ts";
import { fixedLab, fixedPlacement, labNames } from "./labs.ts";
import { filesFor } from "./rendered.ts";

type Files = Record<string, string>;

const golden = join(project, "test", "golden");
const update = process.env["UPDATE_GOLDEN"] === "1";

async function renderedFor(lab: Lab): Promise<Files> {
  const files: Files = { Vagrantfile: await renderVagrantfile(lab, fixedPlacement(lab)) };
  for (const machine of lab.machines) {
    for (const { path, content } of await filesFor(lab, machine)) files[`${machine.name}${path}`] = content;
  }
  return files;
}

async function keptFor(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pairs = files.map(async (file) => [relative(folder, file), await readFile(file, "utf8")] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

async function keep(folder: string, files: Files): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** As one text, so that a difference is shown as one. */
const together = (files: Files): string =>
  Object.keys(files)
    .sort()
    .map((path) => `===== ${path}\n${files[path] ?? ""}`)
    .join("\n");

describe("the rendered files", () => {
  for (const name of labNames) {
    it(`of ${name} are those in test/golden/${name} (UPDATE_GOLDEN=1 keeps new ones)`, async () => {
      const [lab, folder] = [await fixedLab(name), join(golden, name)];
      const files = await renderedFor(lab);
      if (update) await keep(folder, files);
      expect(together(files)).to.equal(together(await keptFor(folder)));
    });
  }
});
