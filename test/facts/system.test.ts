import { expect } from "chai";
import { NotJudged } from "../../harness/errors.ts";
import { machineParts } from "../../harness/facts/parts.ts";
import { clock, system } from "../../harness/facts/system.ts";
import { parsed } from "./parsers.ts";

describe("a machine", () => {
  it("tells its system", () => {
    const text = '3.10.0-1127.el7.x86_64\nNAME="CentOS Linux"\nPRETTY_NAME="CentOS Linux 7 (Core)"\n';
    expect(parsed(system, text)).to.deep.equal({
      os: "CentOS Linux 7 (Core)",
      kernel: "3.10.0-1127.el7.x86_64",
    });
  });

  it("tells how far its clock is ahead of the host's", () => {
    const host = Date.parse("2026-11-23T04:05:06.000Z") / 1000;
    expect(parsed(clock, `${host + 86400}.250000000\n`)).to.equal(86400.25);
    expect(parsed(clock, `${host - 3}.500000000\n`)).to.equal(-2.5);
    const late = { slack: 20_000, stdout: `${host + 15}.000000000\n` };
    expect(parsed(clock, late)).to.equal(0);
    expect(parsed(clock, { ...late, stdout: `${host + 21}.000000000\n` })).to.equal(1);
    expect(() => parsed(clock, { code: 127 })).to.throw(NotJudged);
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
