import { expect } from "chai";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { alone } from "../../testbed/lock.ts";

describe("the testbed's lock", () => {
  const { signal } = new AbortController();
  const ignore = () => undefined;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lock-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("lets one work at a time, and tells the other that it waits", async () => {
    const file = join(folder, "lock");
    const told: string[] = [];
    const waits = new EventEmitter();
    const waiting = () => {
      told.push("second waits");
      waits.emit("told");
    };
    const second = await alone(file, { waiting: ignore, signal }, async () => {
      const waited = once(waits, "told");
      const working = alone(file, { waiting, signal }, () => Promise.resolve(told.push("second works")));
      await waited;
      told.push("first is done");
      return { working };
    });
    await second.working;
    expect(told).to.deep.equal(["second waits", "first is done", "second works"]);
  });

  it("is free again after work that failed", async () => {
    const file = join(folder, "lock");
    const failing = alone(file, { waiting: ignore, signal }, () => Promise.reject(new Error("no")));
    expect(await failing.catch(String)).to.equal("Error: no");
    expect(await alone(file, { waiting: ignore, signal }, () => Promise.resolve("mine"))).to.equal("mine");
  });

  it("is free again after the process that had it was killed", async () => {
    const file = join(folder, "lock");
    const module = resolve(import.meta.dirname, "../../testbed/lock.ts");
    const program = `
      import { alone } from ${JSON.stringify(module)};
      const options = { waiting() {}, signal: new AbortController().signal };
      alone(${JSON.stringify(file)}, options, () => new Promise(() => { console.log("held"); setInterval(() => {}, 1000); }));
    `;
    const holder = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await alone(file, { waiting: ignore, signal }, () => Promise.resolve("mine"))).to.equal("mine");
  });

  it("is given up when waiting is interrupted", async () => {
    const file = join(folder, "lock");
    const interruption = new AbortController();
    const result = await alone(file, { waiting: ignore, signal }, () => {
      const waiting = () => {
        interruption.abort(new Error("interrupted"));
      };
      return alone(file, { waiting, signal: interruption.signal }, () => Promise.resolve("mine")).catch(
        String,
      );
    });
    expect(result).to.equal("Error: interrupted");
  });
});
