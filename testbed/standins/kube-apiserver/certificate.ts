import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { selfSigned } from "../common/certificate.ts";
import { fileError } from "../common/files.ts";
import { log } from "../common/log.ts";
import type { Settings } from "./settings.ts";

/** The secure port's certificate: the one there is, or a new one for the names clients know the server by. */
export function certificateFor({ certificate, publicAddress, addresses }: Settings): {
  cert: string;
  key: string;
} {
  const { folder, cert, key } = certificate;
  try {
    if (!existsSync(cert) && !existsSync(key)) {
      const names = ["kubernetes.default.svc", "kubernetes.default", "kubernetes", "localhost"];
      const made = selfSigned(publicAddress, [...names, addresses.first()]);
      mkdirSync(folder, { recursive: true });
      writeFileSync(cert, made.cert);
      writeFileSync(key, made.key, { mode: 0o600 });
      chmodSync(key, 0o600);
      log.info(`Generated self-signed cert (${cert}, ${key})`);
    }
    return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
  } catch (error) {
    return log.fatal(`Failed to generate service certificate: ${fileError(error, cert).message}`);
  }
}
