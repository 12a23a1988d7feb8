import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { LabNotBuilt } from "../../harness/errors.ts";
import { aloneOnHost } from "../../harness/machines/host-lock.ts";
import { processId } from "../../harness/machines/process.ts";
import { Program } from "../world/program.ts";

const file = join(import.meta.dirname, "..", "..", "harness", "machines", "host-lock.ts");

/** A harness that holds the lock, and has started a program that outlives it. */
const holding = (what: string) => `
  const { spawn } = await import("node:child_process");
  const { aloneOnHost } = await import(${JSON.stringify(file)});
  await aloneOnHost(${JSON.stringify(what)}, { within: 1000 }, async () => {
    const orphan = spawn("sleep", ["infinity"], { detached: true, stdio: "ignore" });
    console.log(orphan.pid);
    console.log("held");
    await new Promise(() => setInterval(() => undefined, 1000));
  });
`;

describe("what one run alone may do on a host", () => {
  /** A name of this test process, since others may test the same at once. */
  const what = `test ${process.pid}`;

  it("is done by one after the other", async () => {
    let inside = 0;
    let most = 0;
    const work = () =>
      aloneOnHost(what, { within: 10_000 }, async () => {
        most = Math.max(most, ++inside);
        await setImmediate();
        inside -= 1;
      });
    await Promise.all([work(), work(), work()]);
    expect(most).to.equal(1);
  });

  it("is refused while a living process does it, and free once that was killed, whatever it started", async () => {
    await using other = await Program.start(holding(what), "held");
    const orphan = Number(other.lines[0]);
    try {
      const refusal: unknown = await aloneOnHost(what, { within: 500 }, () => Promise.resolve()).catch(
        (error: unknown) => error,
      );
      expect(refusal).to.be.instanceOf(LabNotBuilt).with.property("exitCode", 3);
      await other.kill();
      expect(processId(orphan)).to.not.equal(undefined);
      expect(await aloneOnHost(what, { within: 500 }, () => Promise.resolve("done"))).to.equal("done");
    } finally {
      process.kill(orphan, "SIGKILL");
    }
  });

  it("is free again after it failed", async () => {
    const failing = aloneOnHost(what, { within: 500 }, () => Promise.reject(new Error("as it may")));
    expect(await failing.catch(String)).to.include("as it may");
    expect(await aloneOnHost(what, { within: 500 }, () => Promise.resolve("done"))).to.equal("done");
  });
});
