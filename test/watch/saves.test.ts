import { expect } from "chai";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saves } from "../../harness/watch/saves.ts";

describe("saves", () => {
  let folder = "";
  const ending = new AbortController();
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-saves-"));
    await mkdir(join(folder, "deep"));
  });
  after(async () => {
    ending.abort();
    await rm(folder, { recursive: true });
  });

  it("are told once for all that an editor does to a file, wherever it lies", async () => {
    const seen = saves(folder, ending.signal);
    const first = seen.next();
    for (const text of ["a", "ab", "abc"]) await writeFile(join(folder, "deep", "kubelet.hbs"), text);
    const { value: savedAt } = (await first) as IteratorYieldResult<number>;
    expect(Date.now() - savedAt).to.be.greaterThan(100);
    const second = seen.next();
    await writeFile(join(folder, "other"), "x");
    expect((await second).done).to.equal(false);
  });
});
