import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { log } from "../common/log.ts";
import { fileError } from "../common/files.ts";

const issuer = "kubernetes/serviceaccount";
const prefix = "kubernetes.io/serviceaccount/";

interface Claims {
  iss?: string;
  sub?: string;
  [claim: string]: unknown;
}

const json = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());

/** Knows a service account by its token. */
export class Tokens {
  readonly #keys: KeyObject[];

  /**
   * @param files PEM, the private or the public half
   * @throws Error in Go's words, e.g. "open /etc/kubernetes/serviceaccount.key: permission denied"
   */
  constructor(files: string[]) {
    this.#keys = files.flatMap(readKeys);
  }

  /** Whether the request's Authorization header carries a token signed by one of the keys. */
  accepts(authorization: string | undefined): boolean {
    const token = /^bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined || this.#keys.length === 0) return false;
    const [head = "", body = "", signature = ""] = token.split(".");
    let claims: Claims;
    try {
      json(head);
      claims = json(body) as Claims;
    } catch {
      return false; // No token of this kind.
    }
    const signed = Buffer.from(`${head}.${body}`);
    const proof = Buffer.from(signature, "base64url");
    if (!this.#keys.some((key) => verify("sha256", signed, key, proof))) {
      log.error("Unable to authenticate the request due to an error: crypto/rsa: verification error");
      return false;
    }
    const { iss, sub } = claims;
    const [namespace, name, uid] = ["namespace", "service-account.name", "service-account.uid"].map(
      (claim) => claims[prefix + claim],
    );
    if (iss !== issuer || !uid) return false;
    return sub === `system:serviceaccount:${String(namespace)}:${String(name)}`;
  }
}

function readKeys(file: string): KeyObject[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw fileError(error, file);
  }
  const blocks = text.match(/-----BEGIN ([A-Z ]*KEY)-----[\s\S]*?-----END \1-----/g) ?? [];
  try {
    if (blocks.length > 0) return blocks.map((block) => createPublicKey(block));
  } catch {
    // A block that is no key is the same as none.
  }
  throw new Error(`error reading public key file ${file}: data does not contain a valid RSA or ECDSA key`);
}
