import { expect } from "chai";
import { outageIn } from "../../harness/provision/outage.ts";

const base = "https://vault.centos.org/7.9.2009/os/x86_64/";
const mirror = "https://archive.kernel.org/centos-vault/7.9.2009/os/x86_64/";
const repositories = [
  { id: "base", origin: "the CentOS vault", baseurl: [base, mirror], key: "centos-7", signedMetadata: true },
];

describe("an outage of the packages' source, in yum 3's words", () => {
  it("names who did not answer, each with its reason", () => {
    const unresolved = (url: string, host: string) =>
      `${url}repodata/repomd.xml: [Errno 14] curl#6 - "Could not resolve host: ${host}; Unknown error"`;
    const output = [
      "Loaded plugins: fastestmirror",
      unresolved(base, "vault.centos.org"),
      "Trying other mirror.",
      unresolved(mirror, "archive.kernel.org"),
      "Trying other mirror.",
      "",
      " One of the configured repositories failed (base),",
      " and yum doesn't have enough cached data to continue. At this point the only",
      "failure: repodata/repomd.xml from base: [Errno 256] No more mirrors to try.",
      unresolved(base, "vault.centos.org"),
      unresolved(mirror, "archive.kernel.org"),
    ].join("\n");
    expect(outageIn(output, repositories)).to.equal(
      `the CentOS vault did not answer: curl#6 - "Could not resolve host: vault.centos.org; Unknown error" (${base}repodata/repomd.xml); ` +
        `archive.kernel.org did not answer: curl#6 - "Could not resolve host: archive.kernel.org; Unknown error" (${mirror}repodata/repomd.xml)`,
    );
  });

  it("is a file that is refused by every mirror, or that does not come in time", () => {
    const file = `${base}Packages/tree-1.6.0-10.el7.x86_64.rpm`;
    const refused = `${file}: [Errno 14] HTTPS Error 403 - Forbidden\nTrying other mirror.\n\n\nError downloading packages:\n  tree-1.6.0-10.el7.x86_64: [Errno 256] No more mirrors to try.\n`;
    expect(outageIn(refused, repositories)).to.equal(
      `the CentOS vault did not answer: HTTPS Error 403 - Forbidden (${file})`,
    );
    const slow = `${file}: [Errno 12] Timeout on ${file}: (28, 'Operation too slow. Less than 1000 bytes/sec transferred the last 30 seconds')\nTrying other mirror.\n  tree: [Errno 256] No more mirrors to try.\n`;
    expect(outageIn(slow, repositories)).to.match(/^the CentOS vault did not answer: Timeout on/);
  });

  it("is none where a signature or a sum was wrong, or a mirror helped out and something else failed", () => {
    const forged = `${base}repodata/repomd.xml: [Errno -1] repomd.xml signature could not be verified for base\nTrying other mirror.\n${mirror}repodata/repomd.xml: [Errno 14] HTTPS Error 404 - Not Found\nfailure: repodata/repomd.xml from base: [Errno 256] No more mirrors to try.\n`;
    expect(outageIn(forged, repositories)).to.equal(undefined);
    const helped = `${base}x.rpm: [Errno 14] HTTPS Error 403 - Forbidden\nTrying other mirror.\n\n\nPackage x.rpm is not signed\n`;
    expect(outageIn(helped, repositories)).to.equal(undefined);
  });
});
