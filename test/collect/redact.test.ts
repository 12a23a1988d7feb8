import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { redact, redacted } from "../../harness/collect/redact.ts";
import { found, makeSecrets, type Secrets } from "./secrets.ts";

/** A text as journald prints it: each line with its time, machine and program. */
const journal = (text: string): string =>
  text
    .trimEnd()
    .split("\n")
    .map((line, index) => `Nov 24 10:00:00.${String(100_000 + index)} worker1 cat[123]: ${line}`)
    .join("\n");

const indented = (text: string, by: string): string => by + text.trimEnd().replaceAll("\n", `\n${by}`);
const wrapped = (text: string): string => text.replace(/.{76}/g, "$&\n");
const lines = (text: string): number => text.split("\n").length;

describe("redaction", function () {
  this.timeout("60s");
  let secrets: Secrets;
  before(async () => {
    secrets = await makeSecrets();
  });

  /** That nothing of any secret is left, every line still there, what is around untouched, and no more to do. */
  function clean(text: string): string {
    const around = `before it\n${text}\nafter it`;
    const answer = redact(around);
    expect(found(answer, secrets)).to.deep.equal([]);
    expect(answer)
      .to.match(/^before it\n/)
      .and.match(/\nafter it$/)
      .and.include("[redacted");
    expect(lines(answer)).to.equal(lines(around));
    expect(redact(answer)).to.equal(answer);
    return answer;
  }

  describe("of private keys", () => {
    const shapes: Record<string, (key: string) => string> = {
      "as they are": (key) => key,
      "in a journal": journal,
      "in a journal with other lines between": (key) =>
        journal(key).replaceAll(/\n/g, "\nNov 24 10:00:00.5 worker1 systemd[1]: Started a thing.\n"),
      "in YAML": (key) => `key: |\n${indented(key, "    ")}`,
      "after something on their first line": (key) => `<div class="a key"><pre>${key}</pre></div>`,
      "after something on their first line, in JSON": (key) => JSON.stringify({ key: `key is ${key}` }),
      "with carriage returns": (key) => key.replaceAll("\n", "\r\n"),
      "in JSON": (key) => JSON.stringify({ machine: "worker1", stdout: key, stderr: "" }),
      "in JSON in JSON": (key) => JSON.stringify({ value: JSON.stringify({ data: key }) }),
      "in a journal in JSON": (key) => JSON.stringify({ stdout: journal(key) }),
      "as a JSON array of lines": (key) => JSON.stringify(key.split("\n"), undefined, 2),
      "on one line": (key) => key.replaceAll("\n", " "),
      "in base64": (key) => `client-key-data: ${Buffer.from(key).toString("base64")}`,
      "in base64 over lines": (key) => wrapped(Buffer.from(key).toString("base64")),
      "in base64 over lines in JSON": (key) =>
        JSON.stringify({ stdout: wrapped(Buffer.from(key).toString("base64")), stderr: "" }),
      "in base64 after something else": (key) => Buffer.from(`k=${key}`).toString("base64"),
      "without their end": (key) => key.split("\n").slice(0, -3).join("\n"),
      "without their beginning": (key) => key.split("\n").slice(3).join("\n"),
      "without their beginning, in a journal": (key) => journal(key.split("\n").slice(3).join("\n")),
      "without their beginning, in JSON": (key) =>
        JSON.stringify({ stdout: key.split("\n").slice(2).join("\n") }),
    };
    for (const [shape, make] of Object.entries(shapes)) {
      it(`finds them ${shape}`, () => {
        for (const key of Object.values(secrets.keys)) clean(make(key));
      });
    }

    it("says what was there, and leaves a public key beside it alone", () => {
      const pub =
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END PUBLIC KEY-----";
      const answer = clean(`${pub}\n${secrets.keys["pkcs1"] ?? ""}${pub}`);
      expect(answer).to.include("[redacted: private key]").and.include(`before it\n${pub}\n`);
      expect(answer).to.include(`\n${pub}\nafter it`);
    });

    it("does not eat a log in which a key was begun and not ended", () => {
      const log = Array.from({ length: 30 }, (_, index) => `line ${index} says something`).join("\n");
      expect(clean(`-----BEGIN RSA PRIVATE KEY-----\n${log}`)).to.include(log);
    });

    it("keeps a journal's times and names", () => {
      expect(clean(journal(secrets.keys["ec"] ?? "")).match(/worker1 cat\[123\]: /g)).to.have.length(5);
    });
  });

  describe("of tokens", () => {
    const shapes: Record<string, () => string> = {
      "as they are": () => secrets.token,
      "in a header": () => `Authorization: Bearer ${secrets.token}`,
      "in a URL": () => `https://10.146.47.100:6443/api?token=${secrets.token}&watch=1`,
      "in kubectl's YAML": () => `data:\n  token: ${secrets.encodedToken}\nkind: Secret`,
      "in etcd's value": () =>
        JSON.stringify({ value: JSON.stringify({ kind: "Secret", data: { token: secrets.encodedToken } }) }),
      "in base64 over lines": () => wrapped(secrets.encodedToken),
      "in base64 after something else": () =>
        [1, 2].map((length) => Buffer.from("x".repeat(length) + secrets.token).toString("base64")).join("\n"),
      "cut off": () => secrets.token.slice(0, 300),
    };
    for (const [shape, make] of Object.entries(shapes)) it(`finds them ${shape}`, () => void clean(make()));
  });

  describe("of kubernetes secrets", () => {
    const secret = () => ({
      kind: "Secret",
      metadata: { name: "mine" },
      data: { password: Buffer.from(secrets.password).toString("base64") },
    });
    it("takes what they hold out of JSON, of lists and of YAML, and keeps their names", () => {
      const value = secret().data.password;
      const yaml = `apiVersion: v1\ndata:\n  password: ${value}\nkind: Secret\nmetadata:\n  name: mine`;
      const list = JSON.stringify({
        kind: "SecretList",
        items: [{ metadata: { name: "mine" }, data: secret().data }],
      });
      for (const text of [JSON.stringify(secret()), JSON.stringify(secret(), undefined, 2), list, yaml]) {
        expect(clean(text)).to.include("mine").and.not.include(value);
      }
    });

    it("leaves a config map alone", () => {
      const text = JSON.stringify({ kind: "ConfigMap", data: { mode: "iptables", text: "aGVsbG8=" } });
      expect(redact(text)).to.equal(text);
    });
  });

  describe("of credentials", () => {
    const shapes: Record<string, () => string> = {
      "in docker's configuration": () =>
        JSON.stringify({ auths: { "registry.example": { auth: secrets.dockerAuth } } }),
      "in docker's header": () =>
        `X-Registry-Auth: ${Buffer.from(JSON.stringify({ username: "robot", password: secrets.password })).toString("base64")}`,
      "in a basic header": () => `> authorization: Basic ${secrets.dockerAuth}`,
      "in a header as JSON has it": () =>
        JSON.stringify({ headers: { Authorization: `Basic ${secrets.dockerAuth}` } }),
      "in a URL": () => `fatal: https://robot:${secrets.password}@git.example/a/b.git not found`,
      "in a URL without a user": () => `redis://:${secrets.password}@10.0.0.1:6379/0`,
      "in docker inspect": () =>
        JSON.stringify(
          [{ Config: { Env: ["PATH=/bin", `REDIS_PASSWORD=${secrets.password}`] } }],
          undefined,
          4,
        ),
      "in a unit": () => `Environment="API_TOKEN=${secrets.password}" HOME=/root`,
      "in a process's arguments": () =>
        `root 1 redis-server --requirepass x --password=${secrets.password} --port 1`,
      "in a process's arguments, apart": () => `mysql --password ${secrets.password} -h db`,
      "in YAML": () => `spec:\n  password: ${secrets.password}`,
      "in HTML": () => `<td>{&quot;password&quot;:&quot;${secrets.password}&quot;}</td>`,
      "in /etc/shadow": () => secrets.hashes.map((hash) => `root:${hash}:18000:0:99999:7:::`).join("\n"),
    };
    for (const [shape, make] of Object.entries(shapes)) it(`finds them ${shape}`, () => void clean(make()));
  });

  it("keeps JSON, and everything in it that is no secret", () => {
    const value = {
      key: secrets.keys["pkcs8"],
      journal: journal(`${secrets.keys["gpg"] ?? ""}and then "it" said \\ so`),
      url: `http://a:${secrets.password}@b/`,
      n: 1.5,
      list: [null, true, { token: secrets.token }],
    };
    const answer = redacted(value);
    expect(answer).to.have.all.keys("key", "journal", "url", "n", "list");
    expect(answer.journal).to.match(/and then "it" said \\ so$/);
    expect(answer.n).to.equal(1.5);
    expect(found(JSON.stringify(answer), secrets)).to.deep.equal([]);
  });

  it("leaves ordinary text alone", () => {
    const ordinary = [
      "pub:-:2048:1:E1A8EAC8A611E8A3:1795406400:::-:::scSC::::::23::0:",
      "fpr:::::::::943286CB7B9DE733A8A01AD5E1A8EAC8A611E8A3:",
      "dc35282a662b3072a259dd4e951883f86170de11c578573f300f5c4d2ad9c244  box.img",
      "2048 SHA256:uNiVztksCsDhcc0u9e8BrFXUlWf0Qh3Hf3fEEnKg1Xc root@worker1 (RSA)",
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHbLq8Ye2m0Qm5m5nX0b1yF0xk3qk2yYh1d7o1g9bNeY root@worker1",
      "-----BEGIN CERTIFICATE-----\nMIIC+zCCAeOgAwIBAgIJAKHkEqZ9fKbqMA0GCSqGSIb3DQEBBQUAMBQxEjAQBgNV\n-----END CERTIFICATE-----",
      "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBGVe8XkBCAC7GkzV\n=AbCd\n-----END PGP PUBLIC KEY BLOCK-----",
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUMrekNDQWVPZ0F3SUJBZ0lKQUtIa0Vx",
      "link/ether 52:54:00:aa:bb:cc brd ff:ff:ff:ff:ff:ff",
      "kubernetes-master-1.5.2-0.7.git269f928.el7.x86_64 etcd-3.3.11-2.el7.centos.x86_64",
      "--etcd-servers=http://10.146.47.100:2379,http://10.146.47.110:2379 --service-account-private-key-file=/etc/kubernetes/serviceaccount.key",
      'KUBE_API_ARGS="--service-account-key-file=/etc/kubernetes/serviceaccount.key"',
      "imageID: docker-pullable://registry.example:5000/hardway/redis-slave@sha256:0bd9f4e1c0b1",
      "git@github.com:owner/name.git ssh://vagrant@10.146.47.110:22 https://vault.centos.org/7.9.2009/os/x86_64/",
      '{"secrets":[{"name":"default-token-x2x4b"}],"secret":{"secretName":"default-token-x2x4b","defaultMode":420}}',
      "secret default-token-x2x4b\nstatus 200\nalgorithm RS256\nsubject system:serviceaccount:default:default",
      `printf 'header = "Authorization: Bearer %s"\\n' "$token" | curl -K -`,
      'No API token found for service account "default", retry after the token is automatically created',
      "Failed password for root from 10.146.47.1 port 22: permission denied; authorization: denied by policy",
      'kube-apiserver --authorization-mode=AlwaysAllow; bearer token authentication is off; PASSWORD="" TOKEN=$token',
      "password: the one that was set before, or none at all",
      '{"PublicIP":"10.146.47.110","BackendType":"vxlan","BackendData":{"VtepMAC":"52:7b:d1:0f:41:b2"}}',
      'openssl dgst -sha256 -verify "$folder/public" costs $1 and $2, $6',
    ].join("\n");
    expect(redact(ordinary)).to.equal(ordinary);
    expect(redact(JSON.stringify(ordinary))).to.equal(JSON.stringify(ordinary));
  });

  it("leaves a picture alone", () => {
    const png = randomBytes(3_000_000).toString("base64");
    expect(redact(png)).to.equal(png);
  });

  it("is done with 50 MB in seconds, secrets among it", () => {
    const line = `${JSON.stringify({ machine: "worker1", stdout: journal("kubelet says something\n".repeat(40)) })}\n`;
    const secret = `${JSON.stringify({ stdout: secrets.keys["pkcs1"], token: secrets.token })}\n`;
    const text = `${line.repeat(50)}${secret}`.repeat(Math.ceil(50e6 / (line.length * 50 + secret.length)));
    const began = performance.now();
    const answer = redact(text);
    expect(performance.now() - began).to.be.lessThan(20_000); // 3 s where nothing else runs
    expect(found(answer, secrets)).to.deep.equal([]);
  });
});
