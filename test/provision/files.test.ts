import { expect } from "chai";
import { ask } from "../../harness/provision/ask.ts";
import { placeFiles } from "../../harness/provision/files.ts";
import { Peers } from "../../harness/provision/peers.ts";
import type { WantedFile } from "../../harness/provision/plan.ts";
import type { Change } from "../../harness/provision/result.ts";
import { Work } from "../../harness/provision/work.ts";
import { LocalMachine } from "./local.ts";

const { signal } = new AbortController();

const wanted = (path: string, content: string, rest: Partial<WantedFile> = {}): WantedFile => ({
  path,
  content,
  bytes: Buffer.from(content),
  template: "provision/test",
  mode: "0644",
  owner: "root:root",
  restarts: [],
  ...rest,
});

/** Places files as a provisioning of its own, and answers what that changed. */
async function place(machine: LocalMachine, files: WantedFile[]): Promise<Change[]> {
  const changes: Change[] = [];
  const first = await ask(machine, { files: files.map(({ path }) => path) }, signal);
  const peers = new Peers([machine]);
  const work = new Work(machine, { items: [], files }, first, {
    changes,
    peers,
    repositories: [],
    kept: undefined,
    say: () => undefined,
    signal,
  });
  await placeFiles(work, files);
  return changes;
}

describe("placing files", () => {
  let machine: LocalMachine;
  beforeEach(async () => (machine = await LocalMachine.start()));
  afterEach(() => machine[Symbol.asyncDispose]());

  it("brings every byte as it is", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await place(machine, [wanted("/etc/t/bytes", "", { bytes })]);
    expect(await machine.sh("base64 -w0 /etc/t/bytes")).to.equal(bytes.toString("base64"));
    expect(await place(machine, [wanted("/etc/t/bytes", "", { bytes })])).to.deep.equal([]);
  });

  const hostile = [
    ["/etc/t/plain", "one\ntwo\n"],
    ["/etc/t/no newline at the end", "x"],
    ["/etc/t/empty", ""],
    ['/etc/t/it\'s "$(touch owned)" `touch owned` \\ ;touch owned', "$(touch /etc/owned)'\"`\\\n\0\xff end"],
    ["/etc/t/line\nbreak", "EOF\n'\n"],
    ["/etc/t/-e", "-n -e\n"],
    ["/etc/t/long", "0123456789abcdef".repeat(20_000)],
  ] as const;

  it("puts any content under any name, with all folders on the way", async () => {
    const files = hostile.map(([path, content]) => wanted(path, content));
    await place(machine, files);
    for (const [path, content] of hostile) {
      const read = await machine.run('cat -- "$(cat)"; echo end', { input: path });
      expect(read.stdout, path).to.equal(`${content}end\n`);
    }
    expect(await machine.sh("ls -A /etc/t | wc -l; ls -d /etc/owned owned 2>/dev/null | wc -l")).to.match(
      /^8\n0\n$/,
    );
    expect(await machine.sh("stat -c %a /etc/t")).to.equal("755\n");
  });

  it("does nothing where nothing differs", async () => {
    const files = hostile.map(([path, content]) => wanted(path, content));
    expect(await place(machine, files)).to.have.length(files.length);
    expect(await place(machine, files)).to.deep.equal([]);
  });

  for (const [what, spoil] of Object.entries({
    content: "echo other >/etc/t/file",
    mode: "chmod 0600 /etc/t/file",
    owner: "chown daemon:daemon /etc/t/file",
    absence: "rm /etc/t/file",
    "a link in its place": "mv /etc/t/file /etc/t/real; ln -s real /etc/t/file",
  }))
    it(`mends ${what}, and only the file concerned`, async () => {
      const files = [wanted("/etc/t/file", "right\n", { mode: "0640" }), wanted("/etc/t/beside", "right\n")];
      await place(machine, files);
      await machine.sh(spoil);
      expect(await place(machine, files)).to.deep.equal([{ kind: "file", what: "/etc/t/file" }]);
      expect(await machine.sh("cat /etc/t/file; stat -c '%a %U:%G %F' /etc/t/file")).to.equal(
        "right\n640 root:root regular file\n",
      );
    });

  it("never shows content in a command line", async () => {
    await place(machine, [wanted("/etc/t/secret", "SECRET", { mode: "0600" })]);
    expect(machine.scripts.join("\n")).to.not.include("SECRET").and.not.include(btoa("SECRET"));
  });

  it("says which file could not be placed, and leaves nothing half-written", async () => {
    const files = [wanted("/etc/t/file", "x", { owner: "nobody-here:root" })];
    const error = (await place(machine, files).catch((thrown: unknown) => thrown)) as Error;
    expect(error.name).to.equal("LabNotBuilt");
    expect(error.message).to.include("/etc/t/file");
    expect(await machine.sh("ls -A /etc/t")).to.equal("");
  });

  it("has systemd read its files again when one of them changed", async () => {
    await place(machine, [wanted("/etc/systemd/system/docker.service.d/x.conf", "[Service]\n")]);
    expect(await machine.sh("cat /var/lib/units/.log")).to.equal("daemon-reload\n");
  });
});
