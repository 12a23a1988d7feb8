import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** A real OpenPGP key in a ring of its own. */
export class Key implements AsyncDisposable {
  readonly #ring: string;
  readonly fingerprint: string;

  private constructor(ring: string, fingerprint: string) {
    this.#ring = ring;
    this.fingerprint = fingerprint;
  }

  static async make(): Promise<Key> {
    const ring = await mkdtemp(join(tmpdir(), "hwk-"));
    const quick = [
      "--batch",
      "--passphrase",
      "",
      "--quick-generate-key",
      "Test <test@hardway.invalid>",
      "ed25519",
      "sign",
    ];
    await execa("gpg", ["--homedir", ring, ...quick]);
    const { stdout } = await execa("gpg", ["--homedir", ring, "--with-colons", "--list-keys"]);
    return new Key(ring, /^fpr:+([0-9A-F]{40}):/m.exec(stdout)?.[1] ?? "");
  }

  get public(): Promise<string> {
    return execa("gpg", ["--homedir", this.#ring, "--armor", "--export"]).then(({ stdout }) => `${stdout}\n`);
  }

  async clearSign(text: string): Promise<string> {
    const file = join(this.#ring, "text");
    await writeFile(file, text);
    await execa("gpg", [
      "--homedir",
      this.#ring,
      "--batch",
      "--yes",
      "--clear-sign",
      "--output",
      `${file}.asc`,
      file,
    ]);
    return readFile(`${file}.asc`, "utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await execa("gpgconf", ["--homedir", this.#ring, "--kill", "gpg-agent"]);
    await rm(this.#ring, { recursive: true, force: true });
  }
}
