import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { type PackageServer, servePackages } from "../../harness/machines/package-server.ts";

describe("the package server", () => {
  let folder: string;
  let server: PackageServer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hwp-"));
    await mkdir(join(folder, "public", "repodata"), { recursive: true });
    await writeFile(join(folder, "secret"), "private");
    await mkdir(join(folder, "public-not"));
    await writeFile(join(folder, "public-not", "secret"), "private");
    await writeFile(join(folder, "public", "repodata", "a b.rpm"), "0123456789");
    await writeFile(join(folder, "public", "empty"), "");
    await symlink(join(folder, "secret"), join(folder, "public", "way-out"));
    server = await servePackages(join(folder, "public"), "127.0.0.1", 0);
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** Unlike fetch it sends a path as it is, dots and all. */
  const ask = (path: string, method = "GET", headers: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }>(
      (resolve, reject) => {
        const { hostname, port } = new URL(server.url);
        const asking = request({ host: hostname, port, path, method, headers }, (answer) => {
          text(answer).then((body) => {
            resolve({ status: answer.statusCode, headers: answer.headers, body });
          }, reject);
        });
        asking.once("error", reject);
        asking.end();
      },
    );

  it("gives a file whole, with its length", async () => {
    const { status, headers, body } = await ask("/repodata/a%20b.rpm");
    expect([status, body, headers["content-length"]]).to.deep.equal([200, "0123456789", "10"]);
  });

  it("gives an empty file", async () => {
    expect(await ask("/empty")).to.include({ status: 200, body: "" });
  });

  it("answers HEAD with the length and no body", async () => {
    const { status, headers, body } = await ask("/repodata/a%20b.rpm", "HEAD");
    expect([status, body, headers["content-length"]]).to.deep.equal([200, "", "10"]);
  });

  for (const [range, body, where] of [
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=5-99", "56789", "bytes 5-9/10"],
  ] as const) {
    it(`gives ${range}`, async () => {
      const answer = await ask("/repodata/a%20b.rpm", "GET", { range });
      expect(answer).to.include({ status: 206, body });
      expect(answer.headers["content-range"]).to.equal(where);
    });
  }

  it("refuses a range behind the end", async () => {
    expect((await ask("/repodata/a%20b.rpm", "GET", { range: "bytes=10-" })).status).to.equal(416);
  });

  for (const path of [
    "/../secret",
    "/%2e%2e/secret",
    "/..%2fsecret",
    "/repodata/../../secret",
    "/../public-not/secret",
    "/..%2fpublic-not%2fsecret",
    "//etc/passwd",
    "/way-out",
    "/repodata",
    "/",
    "/none",
    "/%00",
    "/%zz",
  ]) {
    it(`has nothing at ${path}`, async () => {
      expect(await ask(path)).to.include({ status: 404, body: "" });
    });
  }

  it("takes no other method", async () => {
    expect((await ask("/repodata/a%20b.rpm", "PUT")).status).to.equal(405);
  });

  it("says so when the port is taken", async () => {
    const { port } = new URL(server.url);
    const error: unknown = await servePackages(folder, "127.0.0.1", Number(port)).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(Error).with.property("code", "EADDRINUSE");
  });
});
