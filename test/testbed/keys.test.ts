import { expect } from "chai";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearSign, letGoOf, signingKey } from "../../testbed/keys/key.ts";
import { publishKey } from "../../testbed/keys/publish.ts";
import { tool } from "../../testbed/tool.ts";

describe("the testbed's signing key", () => {
  const { signal } = new AbortController();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "keys-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is made once and kept for its owner alone", async () => {
    const first = await signingKey(folder, signal);
    const second = await signingKey(folder, signal);
    expect(second).to.deep.equal(first);
    expect(first.fingerprint).to.match(/^[0-9A-F]{40}$/);
    expect((await stat(first.gnupgHome)).mode & 0o777).to.equal(0o700);
    expect(await readdir(folder)).to.deep.equal(["key"]);
  });

  it("is not the same for another cache", async () => {
    const one = await signingKey(join(folder, "one"), signal);
    const other = await signingKey(join(folder, "other"), signal);
    expect(one.fingerprint).to.not.equal(other.fingerprint);
  });

  it("signs in the clear what the published half alone verifies", async () => {
    const key = await signingKey(folder, signal);
    const signed = await clearSign("0123  a.box\n", key, signal);
    await letGoOf(key);
    await publishKey(key, join(folder, "published"));
    const elsewhere = join(folder, "elsewhere");
    await mkdir(elsewhere, { mode: 0o700 });
    await writeFile(join(elsewhere, "signed"), signed);
    const gpg = (...args: string[]) => tool("gpg", ["--homedir", elsewhere, "--batch", "--quiet", ...args]);
    await gpg("--import", join(folder, "published", "RPM-GPG-KEY-hardway-testbed"));
    const status = await gpg("--status-fd", "1", "--decrypt", join(elsewhere, "signed"));
    expect(status).to.include("0123  a.box").and.to.include(`VALIDSIG ${key.fingerprint}`);
    expect(await gpg("--list-secret-keys")).to.equal("");
  });

  it("signs from a cache too deep for an agent's socket, and leaves neither link nor agent behind", async () => {
    const deep = join(folder, "d".repeat(120));
    const key = await signingKey(deep, signal);
    expect(key.gnupgHome.length).to.be.below(90);
    expect(await clearSign("text\n", key, signal)).to.include("BEGIN PGP SIGNATURE");
    await letGoOf(key);
    expect(await stat(key.gnupgHome).catch(() => "gone")).to.equal("gone");
    // An agent that was told to end may take a moment; one that was not stays until the test's time is up.
    while ((await agentsOf(deep)).length > 0);
  });

  it("is not there after its making was interrupted", async () => {
    const failure = await signingKey(folder, AbortSignal.abort(new Error("interrupted"))).catch(String);
    expect(failure).to.equal("Error: interrupted");
    expect(await readdir(folder)).to.deep.equal([]);
  });
});

/** The agents that serve a key below `folder`, by what their command lines say. */
async function agentsOf(folder: string): Promise<string[]> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    processes.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.startsWith("gpg-agent") && line.includes(folder));
}
