import { expect } from "chai";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { madeOnce, publish, recipeHash } from "../../testbed/cached.ts";

describe("what the testbed keeps", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cached-"));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const store = () => join(folder, "store");

  it("is made once for each hash, and only the latest is kept", async () => {
    const made: string[] = [];
    const make = (hash: string) =>
      madeOnce(store(), hash, async (done) => {
        made.push(hash);
        await writeFile(join(done, "part"), hash);
      });
    await make("a");
    await make("a");
    expect(await readFile(join(await make("b"), "part"), "utf8")).to.equal("b");
    expect(made).to.deep.equal(["a", "b"]);
    expect(await readdir(store())).to.deep.equal(["b"]);
  });

  it("is not there after a making that failed, and what was there before still is", async () => {
    await madeOnce(store(), "old", (done) => writeFile(join(done, "part"), "old"));
    const failing = madeOnce(store(), "new", async (done) => {
      await writeFile(join(done, "part"), "half");
      throw new Error("killed");
    });
    expect(await failing.catch(String)).to.equal("Error: killed");
    expect(await readdir(store())).to.deep.equal(["old"]);
  });

  it("is published whole over what was published before", async () => {
    for (const text of ["first", "second"]) {
      const made = await madeOnce(store(), text, (done) => writeFile(join(done, "part"), text));
      await publish(made, join(folder, "published"));
      expect(await readFile(join(folder, "published", "part"), "utf8")).to.equal(text);
    }
    expect(await readdir(join(folder, "published"))).to.deep.equal(["part"]);
  });

  it("has another hash when a file's content, a file's name or a text differs", async () => {
    const hashes = new Set<string>();
    const look = async (...texts: string[]) => hashes.add(await recipeHash(folder, ...texts));
    await writeFile(join(folder, "a"), "1");
    await look();
    await look();
    await look("text");
    await writeFile(join(folder, "a"), "2");
    await look();
    await rm(join(folder, "a"));
    await writeFile(join(folder, "b"), "2");
    await look();
    expect(hashes.size).to.equal(4);
  });
});
