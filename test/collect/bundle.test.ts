import { expect } from "chai";
import { execa } from "execa";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { makeBundle } from "../../harness/collect/bundle.ts";
import { redactedPieces } from "../../harness/collect/redact-file.ts";
import { writeTaken } from "../../harness/collect/taken.ts";
import { found, makeSecrets, type Secrets } from "./secrets.ts";

const png = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108", "hex");

/** A run's folder with a secret in every file a secret was ever seen in. */
const files = ({ keys, token, encodedToken, dockerAuth, password, hashes }: Secrets) => {
  const key = (kind: string) => keys[kind] ?? "";
  const stamped = (text: string) => text.trimEnd().replace(/^/gm, "Nov 24 10:00:00.123456 worker1 sh[7]: ");
  const container = {
    Config: { Env: ["PATH=/bin", `REDIS_PASSWORD=${password}`], Labels: { auth: "none" } },
    Args: [`--token=${password}`],
  };
  const observation = { machine: "master", fact: "http", stdout: `${key("pkcs8")}\n200`, stderr: token };
  const results = {
    verdict: "broken",
    specs: [{ error: { message: `saw ${token}`, details: key("pkcs1").split("\n"), hint: "look" } }],
    facts: [{ command: `curl -H 'Authorization: Bearer ${token}'`, stdout: hashes.join("\n") }],
  };
  return {
    "machines/worker1/journal.txt": `${stamped(key("pem"))}\n${stamped(`docker: https://robot:${password}@registry.example/v2/`)}\n${stamped(hashes.join("\n"))}`,
    "machines/worker1/containers.txt": JSON.stringify([container], undefined, 4),
    "machines/worker1/docker.txt": `{"auths":{"registry.example":{"auth":"${dockerAuth}"}}}`,
    "machines/worker1/settings.txt": `# /etc/kubernetes/key\n${key("pem-locked")}`,
    "machines/master/etcd.txt": JSON.stringify({
      node: { value: JSON.stringify({ kind: "Secret", data: { token: encodedToken } }) },
    }),
    "machines/master/kubernetes.txt": `apiVersion: v1\nitems:\n- apiVersion: v1\n  data:\n    token: ${encodedToken}\n  kind: Secret\n`,
    "machines/worker2/unanswered.txt": `worker2 did not answer: ${token}\n`,
    "consoles/worker1.log": `\0\0\x1b[0m[  OK  ] Started.\r\n${key("ed25519").replaceAll("\n", "\r\n")}`,
    "rendered/worker1/etc/kubernetes/kubelet": `KUBELET_ARGS="--token=${password}"\n${key("ec")}`,
    "rendered/Vagrantfile": `config.ssh.private_key = "${key("pkcs1").replaceAll("\n", "\\n")}"\n`,
    "observations.jsonl": `${JSON.stringify(observation)}\n`.repeat(3),
    "results.json": JSON.stringify(results, undefined, 2),
    "report.html": `<pre>${key("gpg")}</pre><p>{&quot;password&quot;:&quot;${password}&quot;}</p>`,
    "observations-2.jsonl": `${JSON.stringify(observation)}\n`,
    "junit.xml": `<failure message="saw ${token}"/>`,
    "session.json": JSON.stringify({ lab: { repositories: [`https://a:${password}@mirror/`] } }),
    ".vagrant/machines/worker1/libvirt/private_key": key("pkcs1"),
    "network-lab.xml": "<network/>",
  };
};

describe("the diagnostics bundle", function () {
  this.timeout("60s");
  let home: string;
  let secrets: Secrets;
  before(async () => {
    secrets = await makeSecrets();
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "hardway-bundle-"));
  });
  afterEach(() => rm(home, { recursive: true }));

  async function run(contents: Record<string, string | Buffer>): Promise<string> {
    const folder = join(home, "2026-11-24T10-00-00-embedded-0a1b2c");
    for (const [path, content] of Object.entries(contents)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return folder;
  }

  /** The bundle as somebody who was sent it unpacks it. */
  async function unpacked(folder: string): Promise<{ root: string; listing: string[] }> {
    const to = await mkdtemp(join(home, "unpacked-"));
    await execa("tar", ["-xzf", join(folder, "bundle.tar.gz"), "-C", to]);
    expect(await readdir(to)).to.deep.equal([basename(folder)]);
    const root = join(to, basename(folder));
    const { stdout } = await execa("find", [".", "-type", "f", "-printf", "%P\\n"], { cwd: root });
    return { root, listing: stdout.split("\n").sort() };
  }

  it("holds everything of the run but secrets", async () => {
    const contents = files(secrets);
    const folder = await run(contents);
    const made = await makeBundle(folder);
    const { root, listing } = await unpacked(folder);
    const expected = [...Object.keys(contents).filter((path) => !path.startsWith(".")), "index.txt"];
    expect(listing).to.deep.equal(expected.sort());
    expect(made).to.include({ file: join(folder, "bundle.tar.gz"), files: expected.length });
    expect(made.bytes).to.be.greaterThan(500);

    for (const path of listing) {
      const text = await readFile(join(root, path), "utf8");
      expect(found(text, secrets), path).to.deep.equal([]);
      if (path !== "index.txt" && path !== "network-lab.xml") expect(text, path).to.include("[redacted");
    }
    // As a person would look for them.
    const { exitCode, stdout } = await execa("grep", ["-rE", "BEGIN [A-Z ]*PRIVATE|eyJ|ZXlK|\\$6\\$", root], {
      reject: false,
    });
    expect(exitCode, stdout).to.equal(1);
    expect(JSON.parse(await readFile(join(root, "results.json"), "utf8"))).to.have.property(
      "verdict",
      "broken",
    );
    expect(await readdir(folder)).not.to.include.members([".bundle"]);
    expect((await readdir(folder)).filter((name) => name.startsWith(".bundle"))).to.deep.equal([]);
  });

  it("keeps what is no secret as it is, byte for byte", async () => {
    const text = 'KUBELET_ARGS="--api-servers=http://10.146.47.100:8080"\nä\tfpr:::::::::943286CB7B9D:\n';
    const folder = await run({ "rendered/worker1/etc/kubernetes/kubelet": text, "page.png": png });
    await makeBundle(folder);
    const { root } = await unpacked(folder);
    expect(await readFile(join(root, "rendered/worker1/etc/kubernetes/kubelet"), "utf8")).to.equal(text);
    expect(await readFile(join(root, "page.png"))).to.deep.equal(png);
  });

  it("tells in its index what each file is, when machines were asked, and who did not answer", async () => {
    const folder = await run(files(secrets));
    await writeTaken(folder, {
      at: "2026-11-24T10:00:05.000Z",
      machines: [
        { name: "worker1", files: 14 },
        { name: "worker2", files: 0, unanswered: "worker2: true: the machine cannot be reached: timed out" },
      ],
    });
    await makeBundle(folder);
    const { root, listing } = await unpacked(folder);
    const index = (await readFile(join(root, "index.txt"), "utf8")).split("\n");
    expect(index).to.include("The machines were asked from 2026-11-24T10:00:05.000Z on.");
    expect(index).to.include("worker1: answered, 14 topics");
    expect(index.join("\n")).to.match(/^worker2: DID NOT ANSWER: .*timed out$/m);
    for (const path of listing.filter((name) => name !== "index.txt")) {
      const lines = index.filter((line) => line.startsWith(`${path} `));
      expect(lines, path).to.have.length(1);
      expect(lines[0], path).to.match(/ \d+  \d{4}-\d\d-\d\dT[\d:]{8}Z  \S.+$/);
    }
    expect(index.join("\n")).to.include("/etc/kubernetes/kubelet as rendered for worker1");
  });

  it("holds consoles and rendered files where no machine was ever reached, and says so", async () => {
    const folder = await run({
      "consoles/worker1.log": "Kernel panic",
      "rendered/worker1/etc/hosts": "127.0.0.1 localhost",
      "rendered/Vagrantfile": "Vagrant",
    });
    await makeBundle(folder);
    const { root, listing } = await unpacked(folder);
    expect(listing).to.include("consoles/worker1.log").and.include("rendered/worker1/etc/hosts");
    expect(await readFile(join(root, "index.txt"), "utf8")).to.include(
      "worker1: not asked, for none was reached",
    );
  });

  it("leaves out what is no text, says so, and does not hold an earlier bundle", async () => {
    const folder = await run({
      "core.1": Buffer.from(Array.from({ length: 9000 }, (_, n) => n % 256)),
      a: "",
    });
    await makeBundle(folder);
    await makeBundle(folder);
    const { root, listing } = await unpacked(folder);
    expect(listing).to.deep.equal(["a", "index.txt"]);
    expect(await readFile(join(root, "index.txt"), "utf8")).to.match(/^core\.1 .*left out: not text/m);
  });

  it("finds secrets in large files wherever these are cut", async () => {
    const line = "Nov 24 10:00:00.123456 worker1 kubelet[1]: nothing to see here, as ever\n";
    const wrapped = Object.values(secrets.keys).map(
      (key) => Buffer.from(key).toString("base64").replace(/.{76}/g, "$&\n") + "\n",
    );
    const parts = [
      ...Object.values(secrets.keys),
      ...wrapped,
      `${secrets.token}\n`,
      `data: ${secrets.encodedToken}\n`,
    ];
    let text = "";
    for (let index = 0; text.length < 12_000_000; index++)
      text += line.repeat(3 + ((31 * index) % 17)) + (parts[index % parts.length] ?? "");
    let answer = "";
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream's pieces
    async function* pieces() {
      for (let at = 0; at < text.length; at += 65_537) yield text.slice(at, at + 65_537);
    }
    for await (const piece of redactedPieces(pieces(), 300_000)) answer += piece;
    expect(found(answer, secrets)).to.deep.equal([]);
    expect(answer.split("\n").length).to.equal(text.split("\n").length);
    expect(answer.split(line).length).to.equal(text.split(line).length);
  });
});
