import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { LabNotBuilt } from "../../harness/errors.ts";
import { verifiedBox } from "../../harness/machines/box.ts";
import { type PackageServer, servePackages } from "../../harness/machines/package-server.ts";
import { labSchema } from "../../harness/lab/schema.ts";
import { Key } from "./keys.ts";

const box = randomBytes(300_000);
const sum = createHash("sha256").update(box).digest("hex");
const list = `${"0".repeat(64)}  other.box\n${sum}  the.box\n`;

describe("a lab's box", () => {
  let key: Key;
  let stranger: Key;
  let published: string;
  let boxes: string;
  let server: PackageServer;
  let said: string[];

  before(async () => {
    [key, stranger] = await Promise.all([Key.make(), Key.make()]);
  });
  after(() => Promise.all([key[Symbol.asyncDispose](), stranger[Symbol.asyncDispose]()]));
  beforeEach(async () => {
    [published, boxes] = await Promise.all([
      mkdtemp(join(tmpdir(), "hwb-")),
      mkdtemp(join(tmpdir(), "hwb-")),
    ]);
    said = [];
    await publish("the.box", box);
    await publish("key", await key.public);
    await publish("sums.asc", await key.clearSign(list));
    server = await servePackages(published, "127.0.0.1", 0);
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await Promise.all([published, boxes].map((folder) => rm(folder, { recursive: true })));
  });

  const publish = (name: string, content: string | Buffer) => writeFile(join(published, name), content);
  const verify = (base = server.url, fingerprint = key.fingerprint) => {
    const given = {
      box: {
        name: "test/box",
        url: `${base}/the.box`,
        checksums: `${base}/sums.asc`,
        key: "k",
        guest: "debian",
        addressing: "kernel",
      },
      keys: [{ id: "k", fingerprint, path: "/k", url: `${base}/key` }],
    };
    const lab = labSchema.pick({ box: true, keys: true }).parse(given);
    return verifiedBox(lab, {
      say: (line) => said.push(line),
      signal: AbortSignal.timeout(15_000),
      folder: boxes,
    });
  };
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(LabNotBuilt);
    expect(await readdir(boxes)).to.deep.equal([]);
    return (error as LabNotBuilt).explain();
  };

  it("is downloaded once, when its signed sum is right", async () => {
    const verified = await verify();
    expect(await readFile(verified.file)).to.deep.equal(box);
    expect(verified).to.include({ sha256: sum, version: `0.${sum.slice(0, 12)}` });
    await rm(join(published, "the.box"));
    expect(await verify()).to.deep.equal(verified);
    expect(said.filter((line) => line.startsWith("downloading the box from"))).to.have.length(1);
  });

  it("is used in place behind a file URL, and hashed again only when it changed", async () => {
    const base = pathToFileURL(published).href;
    expect((await verify(base)).file).to.equal(join(published, "the.box"));
    await verify(base);
    expect(said).to.have.length(1);
    await utimes(join(published, "the.box"), 1, 1);
    await verify(base);
    expect(said).to.have.length(2);
    await publish("the.box", randomBytes(300_000));
    expect(await verify(base).catch((error: unknown) => error)).to.be.instanceOf(LabNotBuilt);
  });

  it("is refused with another sum than the signed one, and not kept", async () => {
    const other = Buffer.concat([box, Buffer.from("x")]);
    await publish("the.box", other);
    const text = await refusal(verify());
    expect(text).to.include(`expected sha256 ${sum}`);
    expect(text).to.include(`saw      sha256 ${createHash("sha256").update(other).digest("hex")}`);
  });

  it("is refused when the key is not the lab's, before its signature counts", async () => {
    await publish("key", await stranger.public);
    await publish("sums.asc", await stranger.clearSign(list));
    expect(await refusal(verify()))
      .to.include(`expected the key ${key.fingerprint} alone`)
      .and.include(stranger.fingerprint);
  });

  it("is refused when another key comes beside the lab's", async () => {
    await publish("key", `${await key.public}${await stranger.public}`);
    expect(await refusal(verify())).to.include("alone");
  });

  it("is refused when another key has signed the sums", async () => {
    await publish("sums.asc", await stranger.clearSign(list));
    expect(await refusal(verify())).to.include("a signature by another key");
  });

  it("is refused when nobody has signed the sums", async () => {
    await publish("sums.asc", list);
    expect(await refusal(verify())).to.include("no good signature");
  });

  it("is refused when the signed sums were tampered with", async () => {
    await publish("sums.asc", (await key.clearSign(list)).replace(sum, "f".repeat(64)));
    expect(await refusal(verify())).to.include("a signature that does not match the text");
  });

  it("is refused when its sum stands beside the signed part only", async () => {
    const signed = await key.clearSign(`${"0".repeat(64)}  other.box\n`);
    await publish("sums.asc", `${list}${signed}${list}`);
    expect(await refusal(verify())).to.match(/the\.box|clear-signed/);
  });

  it("is refused when a second signed list is put behind the first", async () => {
    await publish("sums.asc", `${await key.clearSign("nothing\n")}${await stranger.clearSign(list)}`);
    await refusal(verify());
  });

  it("is refused when what was promised is not there", async () => {
    await rm(join(published, "the.box"));
    expect(await refusal(verify())).to.match(/the box cannot be had from http.*the\.box: HTTP 404/);
    await rm(join(published, "key"));
    expect(await refusal(verify())).to.match(/the key k cannot be had from http.*\/key: HTTP 404/);
  });

  it("is not kept in part when its server dies", async () => {
    await server[Symbol.asyncDispose]();
    expect(await refusal(verify())).to.match(/cannot be had from .*ECONNREFUSED/);
    server = await servePackages(published, "127.0.0.1", 0);
  });
});
