import { expect } from "chai";
import { virtualization } from "../../harness/machines/kvm.ts";

const cpuinfo = (flags: string) =>
  `processor\t: 0\nmodel name\t: svm of a kind\nflags\t\t: ${flags}\nbugs\t\t:\n`;

describe("what this host can run machines with", () => {
  it("is asked of the processor's flags, as whole words", () => {
    expect(virtualization(cpuinfo("fpu vmx sse"))).to.equal("vmx");
    expect(virtualization(cpuinfo("fpu sse svm"))).to.equal("svm");
    expect(virtualization(cpuinfo("fpu svm_lock vmxx sse"))).to.equal(undefined);
    expect(virtualization("")).to.equal(undefined);
  });
});
