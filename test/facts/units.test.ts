import { expect } from "chai";
import { NotJudged } from "../../harness/errors.ts";
import { units } from "../../harness/facts/units.ts";
import { parsed } from "./parsers.ts";

describe("units", () => {
  it("are read in the order asked, with their age", () => {
    const text = `98.50
Id=etcd.service
LoadState=loaded
UnitFileState=enabled
ActiveState=active
SubState=running
Result=success
MainPID=812
ExecMainStatus=0
ExecMainStartTimestampMonotonic=20500000
ExecMainExitTimestamp=

Id=firewalld.service
LoadState=not-found
ActiveState=inactive
SubState=dead
`;
    const [one, firewalld] = parsed(units, text, "etcd", "firewalld");
    expect(one).to.deep.equal({
      name: "etcd",
      load: "loaded",
      file: "enabled",
      active: "active",
      sub: "running",
      result: "success",
      mainPid: 812,
      exitStatus: 0,
      started: 20.5,
      age: 78,
      ended: "",
    });
    expect(firewalld).to.include({ load: "not-found", active: "inactive", file: "" });
  });

  it("judge nothing without systemd", () => {
    expect(() => parsed(units, { stdout: "98.50\n", code: 1 }, "etcd", "docker")).to.throw(NotJudged);
  });
});
