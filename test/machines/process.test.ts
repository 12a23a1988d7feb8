import { execa } from "execa";
import { join } from "node:path";
import { expect } from "chai";
import { isAlive, processId } from "../../harness/machines/process.ts";

const file = join(import.meta.dirname, "..", "..", "harness", "machines", "process.ts");
const own = () => processId(process.pid) ?? expect.fail("this process lives");

describe("a process", () => {
  it("is alive while it runs, and known apart from a later one with its number", () => {
    const { pid, start } = own();
    expect(isAlive({ pid, start })).to.equal(true);
    expect(isAlive({ pid, start: start.replace(/^\d+/, "1") })).to.equal(false);
  });

  it("is dead after a restart of the host, even if one with its number started as long after boot", () => {
    const { pid, start } = own();
    const boot = start.split("@")[1] ?? "";
    expect(boot).to.match(/^[0-9a-f-]{36}$/);
    expect(isAlive({ pid, start: start.replace(boot, boot.replaceAll(/\w/g, "0")) })).to.equal(false);
  });

  it("is dead once it has ended", async () => {
    const running = execa("sleep", ["infinity"], { reject: false });
    const id = processId(running.pid ?? 0) ?? expect.fail("it was just started");
    expect(isAlive(id)).to.equal(true);
    running.kill("SIGKILL");
    await running;
    expect(isAlive(id)).to.equal(false);
  });

  it("is taken for alive where /proc hides it from another user", async () => {
    const script = `
      const { isAlive, processId } = await import(${JSON.stringify(file)});
      const { pid, start } = ${JSON.stringify(own())};
      console.log(processId(pid) === undefined, isAlive({ pid, start }), isAlive({ pid: 2 ** 22 + 1, start }));
    `;
    const hidden =
      "mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid=65534 --regid=65534 --clear-groups";
    const readable = "--inh-caps=+dac_read_search --ambient-caps=+dac_read_search";
    const node = [process.execPath, "--import", "tsx", "--input-type=module", "--eval", script];
    const wrapper = ["--mount", "--propagation", "private", "sh", "-c", `${hidden} ${readable} "$@"`, "sh"];
    expect((await execa("unshare", [...wrapper, ...node])).stdout).to.equal("true true false");
  });
});
