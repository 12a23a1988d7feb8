import { createPrivateKey, sign, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ApiClient } from "../common/api.ts";
import { fileError } from "../common/files.ts";
import type { Secret, ServiceAccount } from "../common/objects.ts";
import type { Mirror } from "./mirror.ts";

const type = "kubernetes.io/service-account-token";
const nameAnnotation = "kubernetes.io/service-account.name";
const uidAnnotation = "kubernetes.io/service-account.uid";
const alphabet = "bcdfghjklmnpqrstvwxz0123456789";

/** @throws Error in Go's words */
export function readSigningKey(file: string): KeyObject {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw fileError(error, file);
  }
  try {
    return createPrivateKey(text);
  } catch {
    throw new Error("data does not contain a valid RSA or ECDSA private key");
  }
}

/** A token as 1.5's pkg/serviceaccount makes it: a JWT, RS256, without an end. */
function tokenFor(key: KeyObject, { metadata }: ServiceAccount, secretName: string): string {
  const { name, namespace = "", uid } = metadata;
  const claims = {
    iss: "kubernetes/serviceaccount",
    "kubernetes.io/serviceaccount/namespace": namespace,
    "kubernetes.io/serviceaccount/secret.name": secretName,
    "kubernetes.io/serviceaccount/service-account.name": name,
    "kubernetes.io/serviceaccount/service-account.uid": uid,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  const parts = [{ alg: "RS256", typ: "JWT" }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  const text = parts.join(".");
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const randomLetters = (): string =>
  Array.from({ length: 5 }, () => alphabet[Math.floor(Math.random() * alphabet.length)]).join("");

/** Gives each service account a token, and takes the tokens of those that are gone. */
export class TokenController {
  readonly #api: ApiClient;
  readonly #mirror: Mirror;
  readonly #key: KeyObject;

  constructor(api: ApiClient, mirror: Mirror, key: KeyObject) {
    this.#api = api;
    this.#mirror = mirror;
    this.#key = key;
  }

  async sync(): Promise<void> {
    const { accounts, secrets } = this.#mirror;
    for (const account of accounts) {
      if (!this.#tokenOf(account, secrets)) await this.#give(account);
    }
    const uids = new Set(accounts.map(({ metadata }) => metadata.uid));
    for (const { metadata, type: kind } of secrets) {
      if (kind !== type || uids.has(metadata.annotations?.[uidAnnotation])) continue;
      await this.#takeOrphan(metadata.namespace ?? "", metadata.name, metadata.annotations ?? {});
    }
  }

  #tokenOf({ metadata, secrets = [] }: ServiceAccount, all: Secret[]): boolean {
    return all.some(
      (secret) =>
        secret.type === type &&
        secret.metadata.namespace === metadata.namespace &&
        secret.metadata.annotations?.[uidAnnotation] === metadata.uid &&
        secrets.some(({ name }) => name === secret.metadata.name),
    );
  }

  /** Asks for what there is now: what is mirrored may be behind what was just given. */
  async #give({ metadata }: ServiceAccount): Promise<void> {
    const { name, namespace = "" } = metadata;
    const folder = `/api/v1/namespaces/${namespace}`;
    const account = await this.#api.get<ServiceAccount>(`${folder}/serviceaccounts/${name}`);
    const existing = await this.#api.list<Secret>(`${folder}/secrets`);
    if (this.#tokenOf(account, existing)) return;
    const secretName = `${name}-token-${randomLetters()}`;
    const annotations = { [nameAnnotation]: name, [uidAnnotation]: account.metadata.uid };
    const data = { namespace: base64(namespace), token: base64(tokenFor(this.#key, account, secretName)) };
    await this.#api.create(`${folder}/secrets`, { metadata: { name: secretName, annotations }, data, type });
    const present = new Set(existing.map((secret) => secret.metadata.name));
    const kept = (account.secrets ?? []).filter((secret) => present.has(secret.name));
    const change = { secrets: [...kept, { name: secretName }] };
    await this.#api.patch(`${folder}/serviceaccounts/${name}`, change);
  }

  async #takeOrphan(namespace: string, name: string, annotations: Record<string, string>): Promise<void> {
    const folder = `/api/v1/namespaces/${namespace}`;
    const accounts = await this.#api.list<ServiceAccount>(`${folder}/serviceaccounts`);
    if (accounts.some(({ metadata }) => metadata.uid === annotations[uidAnnotation])) return;
    await this.#api.remove(`${folder}/secrets/${name}`);
  }
}
