/**
 * What was offered: a `genuine` package of the lab, which must pass `rpm -K`; to yum, an `unsigned` one, one signed
 * with a `foreign` key, and the genuine one with a byte of its signed header `tampered` with; and to `rpm -K` alone,
 * the genuine one with its payload `damaged`.
 */
export type ControlKind = "genuine" | "unsigned" | "foreign" | "tampered" | "damaged";

/** Why a package was refused, read from the words of yum 3, dnf 4 or rpm. */
type Refusal = "unsigned" | "foreign key" | "tampered" | "other";

/** What a machine made of one control. */
export interface ControlOutcome {
  kind: ControlKind;
  package: string;
  /** The exit code of yum, or of `rpm -K` for `genuine` and `damaged`. */
  code: number;
  output: string;
  /** Whether the package was installed afterwards. */
  installed: boolean;
  /** Keys imported meanwhile, as rpm names them: gpg-pubkey-VERSION-RELEASE. */
  imported: string[];
  /** Undefined where nothing was refused. */
  reason: Refusal | undefined;
}

// facts/centos7.md §4 (yum 3.4.3), facts/vagrant-libvirt.md §4 (dnf 4.14); rpm 4.11 and 4.18 say NOT OK.
const words: [Refusal, RegExp][] = [
  ["foreign key", /keys listed for .* are already installed but they are not correct for this package/],
  ["foreign key", /MISSING KEYS|: digests SIGNATURES NOT OK/],
  ["unsigned", /^Package \S+ is not signed$/m],
  ["tampered", /^Problem opening package \S+$/m],
  ["tampered", /\bNOT OK\b/],
];

/** Why a package was refused; undefined when the exit code says it was not. */
export function refusal(code: number, output: string): Refusal | undefined {
  if (code === 0) return undefined;
  return words.find(([, pattern]) => pattern.test(output))?.[0] ?? "other";
}
