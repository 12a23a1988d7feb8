import { expect } from "chai";
import { spawn } from "node:child_process";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LabNotBuilt } from "../../harness/errors.ts";
import { tool } from "../../testbed/tool.ts";

describe("a tool of the host", () => {
  const failureOf = async (command: string, ...args: string[]): Promise<LabNotBuilt> => {
    const failure = await tool(command, args).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(LabNotBuilt);
    return failure as LabNotBuilt;
  };

  it("answers what it printed, given its input, folder and environment", async () => {
    const options = { input: "in", cwd: "/usr", env: { WORD: "word" } };
    expect(await tool("sh", ["-c", 'cat; echo " $PWD $WORD"'], options)).to.equal("in /usr word");
  });

  it("that fails is quoted with its last words", async () => {
    const { message, details } = await failureOf("sh", "-c", "seq 20 >&2; exit 3");
    expect(message).to.equal("expected sh to succeed, saw exit code 3");
    expect(details).to.deep.equal(["13", "14", "15", "16", "17", "18", "19", "20"]);
  });

  it("that is not there is named", async () => {
    const { message } = await failureOf("no-such-tool");
    expect(message).to.equal("expected no-such-tool to be installed, saw none");
  });

  it("ends when it is called off", async () => {
    const stop = new AbortController();
    const running = tool("sleep", ["infinity"], { signal: stop.signal });
    stop.abort(new Error("called off"));
    expect(await running.catch(String)).to.equal("Error: called off");
  });

  it("that is contained ends with all it started, however deep, and leaves no mount", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tool-"));
    const stop = new AbortController();
    const script = 'mkdir m; mount -t tmpfs none m; sh -c "sleep infinity & wait" & touch begun; wait';
    const options = { cwd: folder, signal: stop.signal, contained: true };
    const running = tool("sh", ["-euc", script], options).catch(String);
    await present(join(folder, "begun"));
    expect(await readFile("/proc/mounts", "utf8")).to.not.include(folder);
    stop.abort(new Error("called off"));
    expect(await running).to.equal("Error: called off");
    await rm(folder, { recursive: true });
  });

  it("ends with a harness that is killed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tool-"));
    const program = `
      import { tool } from ${JSON.stringify(resolve(import.meta.dirname, "../../testbed/tool.ts"))};
      await tool("sh", ["-c", "echo $$ > id.new; mv id.new id; exec sleep infinity"], { cwd: process.argv[1] });
    `;
    const args = ["--import", "tsx", "--input-type=module", "--eval", program, folder];
    const harness = spawn(process.execPath, args, { stdio: "inherit" });
    await present(join(folder, "id"));
    const id = (await readFile(join(folder, "id"), "utf8")).trim();
    expect(await runs(id)).to.equal(true);
    harness.kill("SIGKILL");
    while (await runs(id));
    await rm(folder, { recursive: true });
  });
});

// The test's own time bounds these waits.
const yes = () => true;
const no = () => false;

async function present(file: string): Promise<void> {
  while (await access(file).then(no, yes));
}

/** Whether a process has not ended; one that nobody asked for its end yet has. */
async function runs(id: string): Promise<boolean> {
  const stat = await readFile(`/proc/${id}/stat`, "utf8").catch(() => ") Z");
  return !stat.includes(") Z");
}
