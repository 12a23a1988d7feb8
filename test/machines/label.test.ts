import { expect } from "chai";
import { bridgesOf, networksOf, newRun, parseLabel, prefixOf, runOf } from "../../harness/machines/label.ts";

describe("a run's label", () => {
  it("names lab and run, and is read back", () => {
    const run = newRun("my-lab");
    expect(run.label).to.match(/^hardway-my-lab-[0-9a-f]{6}$/);
    expect(parseLabel(run.label)).to.deep.equal(run);
    expect(newRun("my-lab").label).not.to.equal(run.label);
  });

  for (const foreign of [
    "hardway",
    "hardway-embedded",
    "hardway-embedded-12345",
    "hardway-embedded-12345g",
    "hardway--123456",
    "hardway-Embedded-123456",
    "hardway-embedded-123456 ",
    "my-hardway-embedded-123456",
    "hardway-embedded-123456/..",
  ]) {
    it(`is not what ${JSON.stringify(foreign)} is`, () => {
      expect(parseLabel(foreign)).to.equal(undefined);
    });
  }

  it("is found in the names of domains, volumes and networks, and in no others", () => {
    const { label } = newRun("embedded");
    const names = [`${label}_master`, `${label}_worker1.img`, ...Object.values(networksOf(label))];
    expect(names.map((name) => runOf(name)?.label)).to.deep.equal([label, label, label, label]);
    for (const other of ["default", "vagrant-libvirt", label, `${label}x_master`, `x${label}_master`]) {
      expect(runOf(other), other).to.equal(undefined);
    }
  });

  it("is not found in what another run's lab has in its name", () => {
    const inner = parseLabel("hardway-a-000000");
    const outer = "hardway-a-000000-b-111111";
    expect(`${outer}_master`.startsWith(prefixOf(inner?.label ?? ""))).to.equal(false);
    expect(runOf(`${outer}_master`)?.label).to.equal(outer);
  });

  it("gives bridges names that Linux takes", () => {
    const bridges = Object.values(bridgesOf(newRun("l".repeat(63))));
    expect(bridges).to.have.length(2);
    for (const bridge of bridges) expect(bridge).to.match(/^hw[0-9a-f]{6}[lm]$/);
  });
});
