import { createHmac, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** Real secrets of every kind, and for each the pieces of it that must be found nowhere. */
export interface Secrets {
  /** Armored private keys by kind. */
  keys: Record<string, string>;
  /** A service account's token. */
  token: string;
  /** One in base64, as a kubernetes secret holds it. */
  encodedToken: string;
  /** Docker's credentials for a registry. */
  dockerAuth: string;
  password: string;
  /** crypt(3)'s of that. */
  hashes: string[];
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token as kubernetes 1.5.2 makes it, of the same length. */
function serviceAccountToken(): string {
  const claims = {
    iss: "kubernetes/serviceaccount",
    "kubernetes.io/serviceaccount/namespace": "default",
    "kubernetes.io/serviceaccount/secret.name": "default-token-x2x4b",
    sub: "system:serviceaccount:default:default",
  };
  const signed = `${base64url({ alg: "RS256", typ: "JWT" })}.${base64url(claims)}`;
  return `${signed}.${Buffer.concat(Array.from({ length: 8 }, () => createHmac("sha256", randomBytes(8)).update(signed).digest())).toString("base64url")}`;
}

export async function makeSecrets(): Promise<Secrets> {
  const folder = await mkdtemp(join(tmpdir(), "hws-"));
  try {
    const made = async (name: string, command: string, ...args: string[]) => {
      await execa(command, args, { cwd: folder });
      return [name, await readFile(join(folder, name), "utf8")] as const;
    };
    const gpg = ["--homedir", folder, "--batch", "--passphrase", ""];
    await execa("gpg", [...gpg, "--quick-generate-key", "Test <test@hardway.invalid>", "rsa2048", "sign"]);
    const keys = Object.fromEntries(
      await Promise.all([
        made("ed25519", "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "ed25519"),
        made("pem", "ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-f", "pem"),
        made(
          "pem-locked",
          "ssh-keygen",
          "-q",
          "-t",
          "rsa",
          "-m",
          "PEM",
          "-N",
          "long enough",
          "-f",
          "pem-locked",
        ),
        made("pkcs8", "openssl", "genpkey", "-algorithm", "RSA", "-out", "pkcs8"),
        made("pkcs1", "openssl", "genrsa", "-traditional", "-out", "pkcs1", "2048"),
        made("ec", "openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "ec"),
        execa("gpg", [...gpg, "--armor", "--export-secret-keys"]).then(({ stdout }) => [
          "gpg",
          `${stdout}\n`,
        ]),
      ]),
    ) as Record<string, string>;
    await execa("gpgconf", ["--homedir", folder, "--kill", "gpg-agent"]);
    const password = `pw-${randomBytes(9).toString("hex")}`;
    const token = serviceAccountToken();
    return {
      keys,
      token,
      encodedToken: Buffer.from(token).toString("base64"),
      dockerAuth: Buffer.from(`robot:${password}`).toString("base64"),
      password,
      hashes: await Promise.all(
        ["-6", "-5", "-1", "-apr1"].map(
          async (kind) => (await execa("openssl", ["passwd", kind, password])).stdout,
        ),
      ),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Texts of which any gives a secret away: of a key the beginning and the end of each line. */
function pieces({ keys, token, encodedToken, dockerAuth, password, hashes }: Secrets): string[] {
  const lines = Object.values(keys)
    .flatMap((key) => key.split("\n"))
    .filter((line) => /^[A-Za-z0-9+/]{16,}={0,2}$/.test(line))
    .flatMap((line) => [line.slice(0, 14), line.slice(-14)]);
  // Whether in one piece or in lines of 76.
  const inBase64 = Object.values(keys).flatMap((key) => {
    const text = Buffer.from(key).toString("base64");
    return [46, 80, 156, 232].map((at) => text.slice(at, at + 28)).filter((piece) => piece.length === 28);
  });
  const parts = token.split(".");
  const tails = hashes.map((hash) => hash.slice(hash.lastIndexOf("$") + 1));
  return [
    ...lines,
    ...inBase64,
    ...parts,
    ...[40, 200, 400].map((at) => encodedToken.slice(at, at + 40)),
    dockerAuth,
    password,
    ...tails,
  ];
}

/** Which of the pieces are in a text. */
export const found = (text: string, secrets: Secrets): string[] =>
  pieces(secrets).filter((piece) => text.includes(piece));
