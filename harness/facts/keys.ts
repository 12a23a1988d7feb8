import { fact, linesOf } from "./fact.ts";

/** A key rpm trusts. */
interface ImportedKey {
  /** The full fingerprint, 40 upper-case hexadecimal digits. */
  fingerprint: string;
}

/**
 * The keys imported into rpm, by full fingerprint. The description of such a "package" is the key itself; gpg is
 * given an empty home of its own, and one key at a time: gpg 2.0.22 is not asked to read several.
 */
export const importedKeys = fact(
  "imported keys",
  `home=$(mktemp -d) || exit 1
trap 'rm -rf "$home"' EXIT
for key in $(rpm -qa gpg-pubkey); do
  rpm -q "$key" --qf '%{DESCRIPTION}\\n' | gpg --batch --no-tty --homedir "$home" --with-colons --with-fingerprint
done`,
  (stdout, { code, stderr }): ImportedKey[] => {
    if (code !== 0) throw new Error(stderr.trim().split("\n").at(-1) ?? `exit code ${code}`);
    const keys: ImportedKey[] = [];
    let primary = false;
    for (const fields of linesOf(stdout).map((line) => line.split(":"))) {
      if (fields[0] === "pub") primary = true;
      if (fields[0] === "fpr" && primary) {
        keys.push({ fingerprint: fields[9] ?? "" });
        primary = false;
      }
    }
    return keys;
  },
);
