import { fact, linesOf } from "./fact.ts";

/** An installed package. */
interface Package {
  name: string;
  /** Name, version, release and architecture: the rpm file's name without ".rpm". */
  full: string;
  /** The rpm transaction that installed it: equal for a package and the dependencies it brought. */
  transaction: string;
  /** The id of the key that signed it, 16 lower-case hexadecimal digits; undefined where it is unsigned. */
  keyId: string | undefined;
  /** The signature as rpm words it: "RSA/SHA256, Mon 23 Nov 2026 …, Key ID 24c6a8a7f4a80eb5", or "(none)". */
  signature: string;
}

/** The chain of tags `rpm -qi` takes the signature from (facts/centos7.md §4). */
const signature =
  "%|DSAHEADER?{%{DSAHEADER:pgpsig}}:{%|RSAHEADER?{%{RSAHEADER:pgpsig}}:{%|SIGGPG?{%{SIGGPG:pgpsig}}:{%|SIGPGP?{%{SIGPGP:pgpsig}}:{(none)}|}|}|}|";

/** Every installed package but the imported keys, which rpm keeps as packages too. */
export const packages = fact(
  "packages",
  `rpm -qa --qf '%{NAME}\\t%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\t%{INSTALLTID}\\t${signature}\\n'`,
  (stdout, { code }) => {
    if (code !== 0) throw new Error("expected rpm's list");
    return linesOf(stdout)
      .map((line): Package => {
        const [name = "", full = "", transaction = "", signed = ""] = line.split("\t");
        if (signed === "") throw new Error(`expected a package, saw "${line}"`);
        return {
          name,
          full,
          transaction,
          keyId: /Key ID ([0-9a-f]{16})\b/i.exec(signed)?.[1],
          signature: signed,
        };
      })
      .filter(({ name }) => name !== "gpg-pubkey");
  },
);

/** An rpm file that was downloaded and kept. */
interface PackageFile {
  path: string;
  /** The file's name without ".rpm". */
  full: string;
  /** Whether every digest and signature in it holds, by the keys imported into rpm. */
  intact: boolean;
  /** Whether a signature was among what was checked: rpm calls an unsigned file OK too. */
  signed: boolean;
  /** What rpm said: "digests signatures OK", "rsa sha1 (md5) pgp md5 OK", "… NOT OK (MISSING KEYS: …)". */
  verdict: string;
}

/**
 * The kept rpm files, verified again: the database only remembers what a signature was, `rpm -K` proves it
 * (facts/centos7.md §4).
 */
export const packageFiles = fact(
  "package files",
  "find /var/cache/yum /var/cache/dnf -name '*.rpm' -print0 2>/dev/null | xargs -0 -r rpm -K",
  (stdout) =>
    linesOf(stdout).map((line): PackageFile => {
      const [, path = "", verdict = ""] = /^(\/.+\.rpm): (.*)$/.exec(line) ?? [];
      if (path === "") throw new Error(`expected a verdict on an rpm file, saw "${line}"`);
      return {
        path,
        full: path.replace(/^.*\//, "").replace(/\.rpm$/, ""),
        intact: /\bOK$/.test(verdict) && !verdict.includes("NOT OK"),
        signed: /signatures|pgp|gpg|rsa|dsa/i.test(verdict),
        verdict,
      };
    }),
);

/**
 * Traces of somebody having gone round the signature check: lines of yum's and dnf's logs and histories, and of
 * shells' histories, each as "file: what".
 */
export const bypasses = fact(
  "signature bypasses",
  `{ grep -aoHE -e '--nogpgcheck' -e '--setopt[= ][^ ]*gpgcheck=(0|no|[Ff]alse)' -e 'rpm .*--(nosignature|nodigest)' \
/var/log/yum.log* /var/log/dnf*.log* /var/lib/yum/history/*.sqlite /var/lib/dnf/history.sqlite* \
/root/.bash_history /home/*/.bash_history 2>/dev/null || true; } | sort -u`,
  linesOf,
);
