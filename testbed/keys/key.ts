import { lstat, readFile, readlink } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabNotBuilt } from "../../harness/errors.ts";
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "../../harness/files.ts";
import { tool } from "../tool.ts";

/** The throw-away key that signs the embedded lab's box and packages. */
export interface SigningKey {
  /** The id lab files know it by. */
  id: string;
  /** GNUPGHOME: holds the private half, which never leaves this host. */
  gnupgHome: string;
  /** 40 hexadecimal digits. */
  fingerprint: string;
  /** The file with the armored public key. */
  publicKey: string;
}

const owner = "Hardway testbed (throw-away) <testbed@hardway.invalid>";
// Both rpm 4.11 (CentOS 7) and rpm 4.18 verify RSA with SHA-256; 2048 bits are enough for a lab's life.
const parameters = ["--batch", "--passphrase", "", "--quick-generate-key", owner, "rsa2048", "sign", "never"];
const publicKeyName = "RPM-GPG-KEY-hardway-testbed";

/**
 * The testbed's signing key, made on first use in `cache` and kept until the cache is cleaned.
 * @throws LabNotBuilt when gpg fails
 */
export async function signingKey(cache: string, signal: AbortSignal): Promise<SigningKey> {
  const folder = join(cache, "key");
  if (!(await exists(join(folder, publicKeyName)))) await makeKey(cache, folder, signal);
  const gnupgHome = await withinSocketLimit(folder);
  const publicKey = join(folder, publicKeyName);
  const fingerprint = await fingerprintOf(publicKey, gnupgHome, signal);
  return { id: "testbed", gnupgHome, fingerprint, publicKey };
}

/** Signs `text` in the clear, as CentOS signs the checksums beside its boxes. */
export async function clearSign(text: string, key: SigningKey, signal: AbortSignal): Promise<string> {
  const args = ["--batch", "--local-user", key.fingerprint, "--digest-algo", "SHA256", "--clear-sign"];
  return tool("gpg", ["--homedir", key.gnupgHome, ...args], { input: text, signal });
}

/** Ends the gpg-agent that signing started for this key, and no other. */
export async function letGoOf(key: SigningKey): Promise<void> {
  await leave(key.gnupgHome);
}

/** Makes the key beside its final place, so that one that looks finished is finished. */
async function makeKey(cache: string, folder: string, signal: AbortSignal) {
  await mkdir(cache, { recursive: true });
  const made = await mkdtemp(join(cache, "key-"));
  try {
    await chmod(made, 0o700);
    const gnupgHome = await withinSocketLimit(made);
    try {
      await tool("gpg", ["--homedir", gnupgHome, ...parameters], { signal });
      const armored = await tool("gpg", ["--homedir", gnupgHome, "--armor", "--export"], { signal });
      await writeFile(join(made, publicKeyName), `${armored}\n`);
    } finally {
      await leave(gnupgHome);
    }
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

async function fingerprintOf(publicKey: string, gnupgHome: string, signal: AbortSignal): Promise<string> {
  const args = ["--batch", "--with-colons", "--show-keys", publicKey];
  const listing = await tool("gpg", ["--homedir", gnupgHome, ...args], { signal });
  const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1];
  if (fingerprint === undefined) {
    throw new LabNotBuilt({
      message: `expected an OpenPGP key in ${publicKey}, saw none`,
      details: [(await readFile(publicKey, "utf8")).slice(0, 80)],
    });
  }
  return fingerprint;
}

/** A socket's path has at most 108 bytes, so a deep GNUPGHOME is entered through a short link of our own. */
async function withinSocketLimit(folder: string): Promise<string> {
  if (Buffer.byteLength(join(folder, "S.gpg-agent.browser")) < 108) return folder;
  const link = join(tmpdir(), `hardway-${createHash("sha256").update(folder).digest("hex").slice(0, 12)}`);
  try {
    await symlink(folder, link);
  } catch (error) {
    const ours = (await lstat(link)).uid === process.getuid?.() && (await readlink(link)) === folder;
    if (!ours) throw new LabNotBuilt({ message: `expected ${link} to lead to ${folder}`, cause: error });
  }
  return link;
}

async function leave(gnupgHome: string) {
  await tool("gpgconf", ["--homedir", gnupgHome, "--kill", "gpg-agent"]);
  if ((await lstat(gnupgHome)).isSymbolicLink()) await rm(gnupgHome);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
