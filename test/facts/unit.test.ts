import { expect } from "chai";
import { NotJudged } from "../../harness/errors.ts";
import { unit } from "../../harness/facts/unit.ts";
import { parsed } from "./parsers.ts";

describe("a unit", () => {
  it("is read with its age", () => {
    const text = `98.50
Id=etcd.service
LoadState=loaded
UnitFileState=enabled
ActiveState=active
SubState=running
Result=success
ExecMainStatus=0
ExecMainStartTimestampMonotonic=20500000
ExecMainExitTimestamp=
`;
    expect(parsed(unit, text, "etcd")).to.deep.equal({
      name: "etcd",
      load: "loaded",
      file: "enabled",
      active: "active",
      sub: "running",
      result: "success",
      exitStatus: 0,
      started: 20.5,
      age: 78,
      ended: "",
    });
  });

  it("may be none", () => {
    const text = "98.50\nId=firewalld.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\n";
    expect(parsed(unit, text, "firewalld")).to.include({ load: "not-found", active: "inactive", file: "" });
  });

  it("is not judged without systemd", () => {
    expect(() => parsed(unit, { stdout: "98.50\n", code: 1 }, "etcd")).to.throw(NotJudged);
  });
});
