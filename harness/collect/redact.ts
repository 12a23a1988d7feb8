import { withoutEncoded } from "./redact/encoded.ts";
import { withoutPrivateKeys } from "./redact/private-keys.ts";
import { rules } from "./redact/rules.ts";
import { withoutSecretsData } from "./redact/secrets-data.ts";

/**
 * A text without secrets: private keys of every kind (armored, escaped, in base64), tokens, what kubernetes secrets
 * hold, credentials of docker, of headers and of URLs, password hashes. `[redacted: …]` in their place says what was
 * there. Lines stay where they are, JSON stays JSON, and a second time changes nothing.
 */
export function redact(text: string): string {
  let clean = withoutSecretsData(withoutEncoded(withoutPrivateKeys(text)));
  for (const { hints, pattern, replacement } of rules) {
    if (hints.some((hint) => clean.includes(hint))) clean = clean.replace(pattern, replacement);
  }
  return clean;
}

/** A value of JSON without secrets in any of its texts: what results are, before any report is written from them. */
export const redacted = <T>(value: T): T => JSON.parse(redact(JSON.stringify(value))) as T;
