import { expect } from "chai";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saves } from "../../harness/watch/saves.ts";

describe("saves", () => {
  let folder = "";
  const ending = new AbortController();
  let seen: AsyncGenerator<number>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-saves-"));
    await mkdir(join(folder, "deep"));
    seen = saves(folder, ending.signal);
  });
  after(() => rm(folder, { recursive: true }));

  /** When the next save was, after something was saved. The first look makes the watchers: it comes before. */
  async function savedBy(save: () => Promise<void>): Promise<number> {
    const next = seen.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await save();
    return ((await next) as IteratorYieldResult<number>).value;
  }

  it("are told once for all that an editor does to a file, wherever it lies", async () => {
    const savedAt = await savedBy(async () => {
      for (const text of ["a", "ab", "abc"]) await writeFile(join(folder, "deep", "kubelet.hbs"), text);
    });
    expect(Date.now() - savedAt).to.be.greaterThan(100);
  });

  it("are told again and again of a file that is replaced by another of its name", async () => {
    for (const text of ["one", "two", "three"]) {
      const begun = Date.now();
      const savedAt = await savedBy(async () => {
        await writeFile(join(folder, "deep", ".new"), text);
        await rename(join(folder, "deep", ".new"), join(folder, "deep", "kubelet.hbs"));
      });
      expect(savedAt).to.be.at.least(begun);
    }
  });

  it("are told of files in folders made meanwhile", async () => {
    await savedBy(() => mkdir(join(folder, "later")).then(() => undefined));
    await savedBy(() => writeFile(join(folder, "later", "x"), "x"));
  });

  it("end with the signal", async () => {
    const next = seen.next().then(
      () => "told",
      () => "ended",
    );
    ending.abort();
    expect(await next).to.equal("ended");
  });
});
