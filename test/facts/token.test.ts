import { expect } from "chai";
import { execa } from "execa";
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Observation } from "../../harness/facts/fact.ts";
import { live, read } from "../../harness/facts/observe.ts";
import { defaultToken, keyFile } from "../../harness/facts/service-account.ts";
import { localMachine } from "./local-machine.ts";

const subject = "system:serviceaccount:default:default";

function tokenBy(key: KeyObject): string {
  const text = [
    { alg: "RS256", typ: "JWT" },
    { iss: "kubernetes/serviceaccount", sub: subject },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

describe("the default service account's token", () => {
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = { type: "pkcs1", format: "pem" } as const;
  let folder = "";
  let key = "";

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-token-"));
    key = join(folder, "serviceaccount.key");
    await writeFile(key, own.privateKey.export(pem), { mode: 0o640 });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Looks at an API server that knows these objects by their paths, and whom it knows by which token. */
  async function observed(objects: Record<string, object>, known = "", keyPath = key): Promise<Observation> {
    await using server = createServer((request, response) => {
      const path = (request.url ?? "").replace("/api/v1/namespaces/default", "");
      const bearer = request.headers.authorization;
      if (path === "" && bearer !== `Bearer ${known}`) response.writeHead(401);
      response.end(JSON.stringify(objects[path] ?? {}, undefined, 2));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const asked = defaultToken.ask(api, api, keyPath);
    const [seen] = await live(localMachine("sh"), () => undefined).observe(
      [asked],
      new AbortController().signal,
    );
    if (seen === undefined) throw new Error("expected an observation");
    return seen;
  }

  const account = {
    "/serviceaccounts/default": { kind: "ServiceAccount", secrets: [{ name: "default-token-x2x4b" }] },
  };
  const withToken = (token: string) => ({
    ...account,
    "/secrets/default-token-x2x4b": {
      data: { namespace: "ZGVmYXVsdA==", token: Buffer.from(token).toString("base64") },
      type: "kubernetes.io/service-account-token",
    },
  });
  const verdict = (seen: Observation) => read(defaultToken.parse, seen);

  it("is verified by the key's public half, and the API server asked about it", async () => {
    // A signature's length in base64 is always the same, that of header and claims is not: each padding occurs.
    const token = tokenBy(own.privateKey);
    expect(verdict(await observed(withToken(token), token))).to.deep.equal({
      algorithm: "RS256",
      subject,
      verdict: "verified",
      status: 200,
    });
  });

  it("is told from one that another key signed, which the API server does not know", async () => {
    const token = tokenBy(other.privateKey);
    expect(verdict(await observed(withToken(token)))).to.include({
      verdict: "signature does not match",
      status: 401,
    });
  });

  it("leaves neither token nor key in what is observed", async () => {
    const token = tokenBy(own.privateKey);
    const all = JSON.stringify(await observed(withToken(token), token));
    const signature = token.split(".")[2] ?? "";
    const secrets = [token, signature, Buffer.from(token).toString("base64"), "PRIVATE KEY"];
    for (const secret of secrets) expect(all.includes(secret)).to.equal(false);
  });

  it("is missing where the account has no secret, and where the secret has no token", async () => {
    expect(
      verdict(await observed({ "/serviceaccounts/default": { kind: "ServiceAccount" } })).verdict,
    ).to.equal("no secret");
    expect(verdict(await observed(account)).verdict).to.equal("no token");
  });

  it("cannot be verified without the key", async () => {
    const token = tokenBy(own.privateKey);
    expect(verdict(await observed(withToken(token), token, join(folder, "none"))).verdict).to.equal("no key");
  });

  it("is kept by a key whose mode and owner are told", async () => {
    const asked = keyFile.ask(key);
    const [seen] = await live(localMachine("sh"), () => undefined).observe(
      [asked],
      new AbortController().signal,
    );
    const { stdout: whoami } = await execa("id", ["-un"]);
    expect(seen && read(keyFile.parse, seen)).to.include({ mode: "640", owner: whoami });
  });
});
