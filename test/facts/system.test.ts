import { expect } from "chai";
import { machineParts } from "../../harness/facts/parts.ts";
import { system } from "../../harness/facts/system.ts";
import { parsed } from "./parsers.ts";

describe("a machine", () => {
  it("tells its system", () => {
    const text =
      '1795407906\n3.10.0-1127.el7.x86_64\nNAME="CentOS Linux"\nPRETTY_NAME="CentOS Linux 7 (Core)"\n';
    expect(parsed(system, text)).to.deep.equal({
      os: "CentOS Linux 7 (Core)",
      kernel: "3.10.0-1127.el7.x86_64",
      clock: 1795407906000,
    });
  });

  it("tells its parts, one or several to a file, and none where all is stock", () => {
    const text =
      '=== /usr/share/hardway-e2e/parts.d/etcd.json\n{"name":"etcd","kind":"real","version":"3.4.23","origin":"Debian"}\n\n=== /usr/share/hardway-e2e/parts.d/k.json\n[{"name":"kubelet","kind":"stand-in","version":"1.5.2","origin":"testbed","sha256":"00"}]\n';
    expect(parsed(machineParts, text)).to.deep.equal([
      { name: "etcd", kind: "real", version: "3.4.23", origin: "Debian" },
      { name: "kubelet", kind: "stand-in", version: "1.5.2", origin: "testbed", sha256: "00" },
    ]);
    expect(parsed(machineParts, "")).to.deep.equal([]);
  });
});
