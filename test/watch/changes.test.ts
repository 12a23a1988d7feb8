import { expect } from "chai";
import type { SettingLine } from "../../harness/render/setting-line.ts";
import { changesBetween } from "../../harness/watch/changes.ts";

const line = (machine: string, number: number, text: string, name?: string): SettingLine => ({
  machine,
  file: "provision/worker/files/etc/kubernetes/kubelet.hbs",
  line: number,
  name,
  text,
  path: "/etc/kubernetes/kubelet",
  restarts: ["kubelet"],
});

describe("what a save changed", () => {
  const before = [
    line("worker1", 9, 'A="1"', "A"),
    line("worker2", 9, 'A="1"', "A"),
    line("worker1", 10, 'B="2"', "B"),
  ];

  it("is nothing where every line is as it was", () => {
    expect(changesBetween(before, before)).to.deep.equal([]);
  });

  it("is a line of a name, once for all machines it differs on", () => {
    const after = [
      line("worker1", 9, 'A="3"', "A"),
      line("worker2", 9, 'A="3"', "A"),
      line("worker1", 10, 'B="2"', "B"),
    ];
    expect(changesBetween(before, after)).to.deep.equal([
      {
        file: before[0]?.file,
        line: 9,
        name: "A",
        machines: ["worker1", "worker2"],
        before: 'A="1"',
        after: 'A="3"',
      },
    ]);
  });

  it("is what was removed and what was added", () => {
    const after = [...before.slice(0, 2), line("worker1", 11, 'C="4"', "C")];
    const texts = changesBetween(before, after).map((change) => [change.before, change.after]);
    expect(texts).to.deep.equal([
      [undefined, 'C="4"'],
      ['B="2"', undefined],
    ]);
  });
});
