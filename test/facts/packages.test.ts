import { expect } from "chai";
import { NotJudged } from "../../harness/errors.ts";
import { importedKeys } from "../../harness/facts/keys.ts";
import { packageFiles, packages } from "../../harness/facts/packages.ts";
import { packageManager } from "../../harness/facts/repositories.ts";
import { parsed } from "./parsers.ts";

describe("packages", () => {
  it("are read with their signing key, the imported keys left out", () => {
    const text = `kubernetes-node\tkubernetes-node-1.5.2-0.7.git269f928.el7.x86_64\t1795407000\tRSA/SHA256, Mon Jul  3 15:31:10 2017, Key ID 24c6a8a7f4a80eb5
gpg-pubkey\tgpg-pubkey-f4a80eb5-53a7ff4b.(none)\t1795406990\t(none)
sneaked-in\tsneaked-in-1.0-1.noarch\t1795407100\t(none)
`;
    expect(
      parsed(packages, text).map(({ name, full, transaction, keyId }) => [name, full, transaction, keyId]),
    ).to.deep.equal([
      [
        "kubernetes-node",
        "kubernetes-node-1.5.2-0.7.git269f928.el7.x86_64",
        "1795407000",
        "24c6a8a7f4a80eb5",
      ],
      ["sneaked-in", "sneaked-in-1.0-1.noarch", "1795407100", undefined],
    ]);
  });

  it("judge nothing without rpm", () => {
    expect(() => parsed(packages, { code: 127, stderr: "sh: rpm: not found" })).to.throw(NotJudged);
  });
});

describe("package files", () => {
  const verdicts: [string, { intact: boolean; signed: boolean }][] = [
    ["rsa sha1 (md5) pgp md5 OK", { intact: true, signed: true }],
    ["digests signatures OK", { intact: true, signed: true }],
    ["sha1 md5 OK", { intact: true, signed: false }],
    ["digests OK", { intact: true, signed: false }],
    ["RSA sha1 ((MD5) PGP) md5 NOT OK (MISSING KEYS: (MD5) PGP#f4a80eb5)", { intact: false, signed: true }],
    ["digests SIGNATURES NOT OK", { intact: false, signed: true }],
    ["DIGESTS signatures NOT OK", { intact: false, signed: true }],
    ["rsa sha1 (MD5) PGP MD5 NOT OK", { intact: false, signed: true }],
  ];
  for (const [verdict, expected] of verdicts) {
    it(`are ${expected.intact ? "whole" : "not whole"} and ${expected.signed ? "signed" : "unsigned"} where rpm says "${verdict}"`, () => {
      const [file] = parsed(
        packageFiles,
        `/var/cache/yum/x86_64/7/extras/packages/etcd-3.3.11-2.el7.centos.x86_64.rpm: ${verdict}\n`,
      );
      expect(file).to.deep.include({ full: "etcd-3.3.11-2.el7.centos.x86_64", verdict, ...expected });
    });
  }
});

describe("imported keys", () => {
  it("are known by the fingerprint of the primary key, as gpg 2.0 and 2.2 print it", () => {
    const old = `pub:-:4096:1:24C6A8A7F4A80EB5:2014-06-23:::-:CentOS-7 Key (CentOS 7 Official Signing Key) <security@centos.org>:
fpr:::::::::6341AB2753D78A78A7C27BB124C6A8A7F4A80EB5:
`;
    const recent = `pub:-:4096:1:1111222233334444:1795406400:::-:::scESC::::::23::0:
fpr:::::::::AAAABBBBCCCCDDDDEEEEFFFF1111222233334444:
uid:-::::1795406400::AB::Another <a@example.org>::::::::::0:
sub:-:4096:1:5555666677778888:1795406400::::::e::::::23:
fpr:::::::::99990000AAAABBBBCCCCDDDD5555666677778888:
`;
    expect(parsed(importedKeys, old + recent).map(({ fingerprint }) => fingerprint)).to.deep.equal([
      "6341AB2753D78A78A7C27BB124C6A8A7F4A80EB5",
      "AAAABBBBCCCCDDDDEEEEFFFF1111222233334444",
    ]);
  });

  it("judge nothing where gpg failed", () => {
    expect(() => parsed(importedKeys, { code: 2, stderr: "gpg: no valid OpenPGP data found." })).to.throw(
      NotJudged,
      /no valid OpenPGP data/,
    );
  });
});

describe("repositories", () => {
  const yum = `/usr/bin/yum
/etc/yum.conf:[main]
/etc/yum.conf:# gpgcheck=0
/etc/yum.conf:gpgcheck=1
/etc/yum.conf:keepcache=1
/etc/yum.conf:localpkg_gpgcheck = True
/etc/yum.repos.d/CentOS-Base.repo:[base]
/etc/yum.repos.d/CentOS-Base.repo:name=base
/etc/yum.repos.d/CentOS-Base.repo:baseurl=https://vault.centos.org/7.9.2009/os/x86_64/
/etc/yum.repos.d/CentOS-Base.repo:        https://archive.kernel.org/centos-vault/7.9.2009/os/x86_64/
/etc/yum.repos.d/CentOS-Base.repo:repo_gpgcheck=1
/etc/yum.repos.d/CentOS-Base.repo:gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7
/etc/yum.repos.d/CentOS-Base.repo:
/etc/yum.repos.d/CentOS-Base.repo:[updates]
/etc/yum.repos.d/CentOS-Base.repo:mirrorlist=http://mirrorlist.centos.org/?release=$releasever
/etc/yum.repos.d/CentOS-Base.repo:gpgcheck = no
/etc/yum.repos.d/CentOS-Base.repo:sslverify=0
/etc/yum.repos.d/CentOS-Vault.repo:[C7.0.1406-base]
/etc/yum.repos.d/CentOS-Vault.repo:enabled=0
`;

  it("have what is in force: their own value, else the main section's, else yum's", () => {
    const { localpkgGpgcheck, repositories } = parsed(packageManager, yum);
    expect(localpkgGpgcheck).to.equal(true);
    expect(
      repositories.map(({ id, enabled, gpgcheck, repoGpgcheck, sslverify }) => [
        id,
        enabled,
        gpgcheck,
        repoGpgcheck,
        sslverify,
      ]),
    ).to.deep.equal([
      ["base", true, true, true, true],
      ["updates", true, false, false, false],
      ["C7.0.1406-base", false, true, false, true],
    ]);
    expect(repositories[0]?.baseurl).to.have.lengthOf(2);
    expect(repositories[1]?.mirrorlist).to.equal("http://mirrorlist.centos.org/?release=$releasever");
  });

  it("follow dnf.conf where yum is dnf, and check nothing where it says nothing", () => {
    const dnf = yum
      .replace("/usr/bin/yum", "/usr/bin/dnf-3")
      .replace("/etc/yum.conf:[main]", "/etc/dnf/dnf.conf:[main]\n/etc/yum.conf:[main]");
    const { localpkgGpgcheck, repositories } = parsed(packageManager, dnf);
    expect(localpkgGpgcheck).to.equal(false);
    expect(repositories.map(({ gpgcheck }) => gpgcheck)).to.deep.equal([false, false, false]);
  });

  it("judge nothing without yum", () => {
    expect(() => parsed(packageManager, { stdout: "\n", code: 0 })).to.throw(NotJudged);
  });
});
