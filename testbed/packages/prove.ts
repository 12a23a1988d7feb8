import { LabNotBuilt } from "../../harness/errors.ts";
import { mkdir } from "../../harness/files.ts";
import type { SigningKey } from "../keys/key.ts";
import { tool } from "../tool.ts";

/**
 * Proves, with an RPM database of its own that knows no other key, that `key` signed every one of `files`.
 * @throws LabNotBuilt naming the packages that fail
 */
export async function proveSigned(files: string[], key: SigningKey, database: string, signal: AbortSignal) {
  await mkdir(database, { recursive: true });
  const rpmkeys = (...args: string[]) =>
    tool("rpmkeys", ["--define", `_dbpath ${database.replaceAll("%", "%%")}`, ...args], { signal });
  await rpmkeys("--import", key.publicKey);
  const lines = (await rpmkeys("--checksig", ...files)).split("\n");
  const unproved = files.filter((file) => !lines.includes(`${file}: digests signatures OK`));
  if (unproved.length > 0) {
    throw new LabNotBuilt({
      message: `expected every package to be signed by ${key.fingerprint}, saw ${unproved.length} that are not`,
      details: lines,
    });
  }
}
