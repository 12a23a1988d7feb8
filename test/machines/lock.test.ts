import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { LabNotBuilt } from "../../harness/errors.ts";
import { labHolder, lockLab, whileLocked } from "../../harness/machines/lock.ts";
import { Program } from "../world/program.ts";

const lock = join(import.meta.dirname, "..", "..", "harness", "machines", "lock.ts");
const holding = (home: string) => `
  const { lockLab } = await import(${JSON.stringify(lock)});
  await lockLab("test", "hardway-test-111111", ${JSON.stringify(home)});
  console.log("held");
  setInterval(() => undefined, 1000);
`;

describe("a lab's lock", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "hwl-"));
  });
  afterEach(() => rm(home, { recursive: true }));

  it("is held by one run at a time, and free again after it", async () => {
    {
      const held = await lockLab("test", "hardway-test-222222", home);
      expect(await labHolder(home)).to.include({ pid: process.pid, label: "hardway-test-222222" });
      const error: unknown = await lockLab("test", "hardway-test-333333", home).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(LabNotBuilt);
      await held[Symbol.asyncDispose]();
    }
    expect(await labHolder(home)).to.equal(undefined);
    await lockLab("test", "hardway-test-333333", home);
    expect(await readdir(home)).to.have.length(1);
  });

  it("names who holds it and since when, and is taken over from a process that was killed", async () => {
    await using other = await Program.start(holding(home), "held");
    const error: unknown = await lockLab("test", "hardway-test-222222", home).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(LabNotBuilt).with.property("exitCode", 3);
    expect((error as LabNotBuilt).message).to.match(
      new RegExp(`^lab test is held by pid ${other.pid} \\(.+\\) since \\d\\d:\\d\\d:\\d\\d$`),
    );
    await other.kill();
    expect(await labHolder(home)).to.equal(undefined);
    await lockLab("test", "hardway-test-222222", home);
    expect(await readdir(home)).to.have.length(1);
  });

  it("is not held by a later process with the dead one's number", async () => {
    const stale = {
      pid: process.pid,
      start: "1",
      label: "l",
      startedAt: new Date().toISOString(),
      command: "c",
    };
    await writeFile(join(home, "lock.1"), JSON.stringify(stale));
    await lockLab("test", "hardway-test-222222", home);
    expect(await labHolder(home)).to.include({ label: "hardway-test-222222" });
  });

  it("is taken over where the file is no lock", async () => {
    await writeFile(join(home, "lock.1"), "{");
    await lockLab("test", "hardway-test-222222", home);
    expect(await labHolder(home)).to.include({ label: "hardway-test-222222" });
  });

  it("goes to one alone of many who take it over at once", async () => {
    for (let round = 0; round < 20; round++) {
      const labels = Array.from({ length: 8 }, (_, index) => `hardway-test-00000${index}`);
      const results = await Promise.allSettled(labels.map((label) => lockLab("test", label, home)));
      const taken = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      expect(taken).to.have.length(1);
      for (const held of taken) await held[Symbol.asyncDispose]();
    }
    expect(await readdir(home)).to.have.length(1);
  });

  it("is waited for where that is what is wanted", async () => {
    const file = join(home, "box.lock");
    let inside = 0;
    let most = 0;
    const work = () =>
      whileLocked(file, { within: 10_000, signal: AbortSignal.timeout(15_000) }, async () => {
        most = Math.max(most, ++inside);
        await readdir(home);
        inside -= 1;
      });
    await Promise.all([work(), work(), work()]);
    expect(most).to.equal(1);
  });
});
