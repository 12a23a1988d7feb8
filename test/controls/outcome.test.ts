import { expect } from "chai";
import { readOffers } from "../../harness/controls/offers.ts";
import { refusal } from "../../harness/controls/outcome.ts";

describe("the reason of a refusal", () => {
  // facts/centos7.md §4, facts/vagrant-libvirt.md §4
  const cases: [string, string, string][] = [
    ["yum 3", "unsigned", "\n\nPackage hardway-control-unsigned-1-1.noarch.rpm is not signed\n"],
    [
      "yum 3",
      "foreign key",
      'Public key for hardway-control-foreign-1-1.noarch.rpm is not installed\n\n\nThe GPG keys listed for the "what must be refused: foreign" repository are already installed but they are not correct for this package.\nCheck that the correct key URLs are configured for this repository.\n',
    ],
    ["yum 3", "tampered", "Problem opening package tree-1.6.0-10.el7.x86_64.rpm\n"],
    ["rpm 4.11", "tampered", "tree.rpm: rsa sha1 (MD5) PGP MD5 NOT OK\n"],
    [
      "rpm 4.11",
      "foreign key",
      "tree.rpm: RSA sha1 ((MD5) PGP) md5 NOT OK (MISSING KEYS: (MD5) PGP#f4a80eb5)\n",
    ],
    ["rpm 4.18", "tampered", "tree.rpm: DIGESTS SIGNATURES NOT OK\n"],
    ["rpm 4.18", "foreign key", "tree.rpm: digests SIGNATURES NOT OK\n"],
    ["anything", "other", "Could not resolve host: vault.centos.org\n"],
  ];
  for (const [who, reason, words] of cases) {
    it(`is read from ${who}'s words: ${reason}`, () => {
      expect(refusal(1, words)).to.equal(reason);
    });
  }

  it("is none where the exit code is 0, whatever was said on the way", () => {
    expect(refusal(0, "Public key for tree-1.6.0-10.el7.x86_64.rpm is not installed\n")).to.equal(undefined);
  });
});

describe("what a machine answers", () => {
  const has = "m has\ngpg-pubkey-1-2\n";
  const kinds = ["unsigned", "foreign", "tampered"];
  const offers = kinds.map((kind) => `m ${kind} ${kind}-package 1\nno\n${has}`);
  const whole = `${has}${offers.join("")}m damaged tree 1\nNOT OK\n`;

  it("names what each offer brought in, and keeps it to that offer", () => {
    const answer = whole.replace(
      `m foreign foreign-package 1\nno\n${has}`,
      "m foreign foreign-package 0\nm is a word\nm has\nforeign-package-1-1\ngpg-pubkey-1-2\ngpg-pubkey-3-4\n",
    );
    const after = answer.replace(
      "m tampered tampered-package 1\nno\nm has\n",
      (text) => `${text}gpg-pubkey-3-4\n`,
    );
    const outcomes = readOffers(after.replace("m is a word", "words"), "m") ?? [];
    expect(outcomes.map(({ kind, installed, imported }) => ({ kind, installed, imported }))).to.deep.equal([
      { kind: "unsigned", installed: false, imported: [] },
      { kind: "foreign", installed: true, imported: ["gpg-pubkey-3-4"] },
      { kind: "tampered", installed: false, imported: [] },
      { kind: "damaged", installed: false, imported: [] },
    ]);
  });

  it("is nothing to judge by where it breaks off", () => {
    expect(readOffers(whole, "m")).to.have.length(4);
    expect(readOffers(whole.slice(0, whole.indexOf("m damaged")), "m")).to.equal(undefined);
    expect(readOffers("", "m")).to.equal(undefined);
  });
});
