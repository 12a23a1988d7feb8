import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { mkdtemp, rm, writeFile } from "../files.ts";
import { ask, demand, tail } from "./command.ts";

interface SignedChecksums {
  /** The clear-signed list, as it came. */
  text: Buffer;
  /** The public key that must have signed it, as it came. */
  key: Buffer;
  /** The key's full fingerprint. */
  fingerprint: string;
  /** Where list and key came from, for messages. */
  source: string;
  keySource: string;
  signal: AbortSignal;
}

/**
 * The SHA-256 sums of a clear-signed list, by file name, after gpg has verified it with this key and no other, in a
 * key ring made for it. Only the signed part is read.
 * @throws LabNotBuilt when the key is another one, or the list is not signed by it as it stands
 */
export async function verifiedChecksums(checksums: SignedChecksums): Promise<Map<string, string>> {
  const { text, key, fingerprint, source, keySource, signal } = checksums;
  const ring = await mkdtemp(join(tmpdir(), "hardway-gpg-"));
  try {
    const file = (name: string) => join(ring, name);
    await writeFile(file("key"), key);
    await writeFile(file("list"), text);
    const gpg = ["gpg", "--homedir", ring, "--batch", "--no-autostart"] as const;
    const options = { within: budget.command, signal };

    const listing = await ask([...gpg, "--with-colons", "--show-keys", file("key")], options);
    const keys = [...listing.stdout.matchAll(/^pub:.*\n(?:.*\n)*?fpr:+([0-9A-F]{40}):/gm)].map(
      ([, found]) => found,
    );
    if (keys.length !== 1 || keys[0] !== fingerprint) {
      throw new LabNotBuilt({
        message: `expected the key ${fingerprint} alone at ${keySource}, saw ${keys.join(", ") || "no key"}`,
        hint: "the lab file's keys give the fingerprint; find out which of the two is right before changing it",
      });
    }
    await demand([...gpg, "--import", file("key")], options);
    const seen = await ask(
      [...gpg, "--status-fd", "2", "--output", file("signed"), "--decrypt", file("list")],
      options,
    );
    if (seen.code !== 0 || signer(seen.stderr) !== fingerprint) {
      throw new LabNotBuilt({
        message: `expected ${source} to be clear-signed by ${fingerprint}, saw ${verdict(seen.stderr)}`,
        details: tail(seen.stderr.replace(/^\[GNUPG:\].*$/gm, ""), 4),
      });
    }
    return parse(await readFile(file("signed"), "utf8"));
  } finally {
    await rm(ring, { recursive: true, force: true });
  }
}

/** The primary key's fingerprint of the one good signature; undefined where gpg found none. */
function signer(status: string): string | undefined {
  if (!/^\[GNUPG:\] GOODSIG /m.test(status)) return undefined;
  const valid = [...status.matchAll(/^\[GNUPG:\] VALIDSIG (.*)$/gm)].map(([, fields = ""]) =>
    fields.split(" "),
  );
  return valid.length === 1 ? valid[0]?.[9] : undefined;
}

function verdict(status: string): string {
  if (/^\[GNUPG:\] BADSIG /m.test(status)) return "a signature that does not match the text";
  if (/^\[GNUPG:\] NO_PUBKEY /m.test(status)) return "a signature by another key";
  if (/^\[GNUPG:\] EXPKEYSIG /m.test(status)) return "a signature by an expired key";
  return "no good signature";
}

/** Lines of sha256sum: a sum, two characters, a name. */
const parse = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/^([0-9a-f]{64}) [ *](.+?)\r?$/gm)].map(([, sum = "", name = ""]) => [name, sum]),
  );
