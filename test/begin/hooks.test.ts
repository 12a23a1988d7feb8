import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPrepare, prepared } from "../../harness/begin/hooks.ts";
import { BadConfiguration, LabNotBuilt } from "../../harness/errors.ts";
import { loadLab, type LoadedLab } from "../../harness/lab/load.ts";

describe("a lab's prepare hook", () => {
  let folder = "";
  let count = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-hooks-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** A lab whose prepare hook is a module of that text, on the third line of its file. */
  async function labWith(text: string): Promise<LoadedLab> {
    const path = join(folder, `hook-${count++}.mjs`);
    await writeFile(path, text);
    const file = join(folder, "lab.yaml");
    await writeFile(file, `name: x\nhooks:\n  prepare: ${path}\n`);
    return { ...(await loadLab("embedded")), file, hooks: { prepare: path, clean: path } };
  }

  async function run(text: string): Promise<unknown> {
    const lab = await labWith(text);
    const hook = await loadPrepare(lab);
    if (hook === undefined) throw new Error("no hook");
    const { signal } = new AbortController();
    return prepared(hook, lab, { cache: folder, say: () => undefined, signal });
  }

  const thrown = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => "nothing",
      (error: unknown) => error,
    );

  it("answers with a folder and fingerprints", async () => {
    const answer = { folder: "/x", fingerprints: { a: "b" } };
    expect(await run(`export default async () => (${JSON.stringify(answer)})`)).to.deep.equal(answer);
  });

  for (const [what, text, says] of [
    ["has a syntax error", "export default {", "saw SyntaxError: "],
    ["throws when it is imported", "throw new Error('not today')", "saw Error: not today"],
    ["throws nothing in particular", "throw undefined", "saw undefined"],
    ["imports what is not there", "import './nowhere.mjs'", "nowhere.mjs"],
    ["exports nothing", "export const x = 1", "saw a module without one"],
    ["exports no function", "export default 5", "saw a module without one"],
    ["answers nothing", "export default async () => undefined", "answers another in the place of { folder"],
    [
      "answers without fingerprints",
      "export default async () => ({ folder: '/x' })",
      "answers no fingerprints",
    ],
    ["answers without a folder", "export default () => ({ fingerprints: {} })", "answers no folder"],
  ] as const) {
    it(`is refused at its line where it ${what}`, async () => {
      const error = await thrown(run(text));
      expect(error).to.be.instanceOf(BadConfiguration);
      expect((error as BadConfiguration).message)
        .to.match(
          /lab\.yaml:3:12 {2}hooks\.prepare: expected .* to be a module whose default export is a hook/,
        )
        .and.contain(says);
    });
  }

  it("makes no lab where it throws, in its own name", async () => {
    const error = await thrown(run("export default async () => { throw new TypeError('no disk\\nmore') }"));
    expect(error).to.be.instanceOf(LabNotBuilt);
    expect((error as LabNotBuilt).message).to.match(/^the hook .*hook-\d+\.mjs failed: TypeError: no disk$/);
    expect((error as LabNotBuilt).details.join()).to.match(/at .*hook-\d+\.mjs:1:/);
  });
});
