import { expect } from "chai";
import type { Asked } from "../../harness/facts/fact.ts";
import { unitText, workerListeners } from "./healthy.ts";
import { judged, red, sentences } from "./judged.ts";

const without4194 = workerListeners()
  .split("\n")
  .filter((line) => !line.includes(":4194"))
  .join("\n");

/** A unit that each look finds running, since another start. */
function starting(name: string): (asked: Asked) => string {
  let starts = 0;
  return (asked) => {
    if (asked.args[0] === name) starts += 1;
    return unitText(asked).replace("=20123456", asked.args[0] === name ? `=${20 + starts}123456` : "$&");
  };
}

const listens = ({ title }: { title: string[] }) => title.at(-1)?.startsWith("listens on tcp 4194") === true;

describe("waiting for a condition", () => {
  it("looks for a listener until its budget is used up", async () => {
    const [first] = red(await judged("3-ports", { worker1: { listeners: without4194 } }));
    expect(first?.error?.message).to.match(/ \(3\d looks in 60\.0 s of 60 s\)$/);
    expect(first?.looks).to.be.greaterThan(30);
    expect(first?.elapsed).to.be.a("number");
  });

  it("notes what was seen before a condition held", async () => {
    const results = await judged("3-ports", {
      worker1: { listeners: [without4194, without4194, workerListeners()] },
    });
    const late = results.find(({ looks }) => looks > 1);
    expect(late?.status).to.equal("passed");
    expect(late?.looks).to.equal(3);
    expect(late?.lastSeen).to.include("expected tcp 4194 to be listening");
    expect(late?.history.map(({ saw, count }) => `${count} ${saw}`)).to.deep.equal([
      "2 worker1 kubelet: expected tcp 4194 to be listening, saw 22, 10248, 10249, 10250, 10255",
    ]);
  });

  it("stops at once where a daemon was restarted meanwhile", async () => {
    const seen = new Set<string>();
    const results = await judged("9-steadiness", {
      worker1: {
        unit: (asked) => {
          const [name = ""] = asked.args;
          const again = seen.has(name);
          seen.add(name);
          return again
            ? unitText(asked).replace("=20123456", "=88123456")
            : unitText(asked).replace("95.31", "21.5");
        },
      },
    });
    expect(sentences(results)[0]).to.equal(
      "worker1 flanneld: expected to run on without a restart, saw it started again (1 look in 0.0 s of 120 s)",
    );
  });

  it("ends at the restart of the unit behind it, and tells that in the place of the symptom", async () => {
    const results = await judged("3-ports", {
      worker1: { listeners: without4194, unit: starting("kubelet") },
    });
    const [first, ...others] = red(results);
    expect(first?.error?.message).to.match(
      /^worker1 kubelet: expected to run on without a restart, saw it started again \(\d looks? in /,
    );
    expect(first?.link).to.equal("worker1/kubelet");
    expect(others.map(({ status }) => status)).to.not.include("failed");
  });

  it("gives no further budget to what another machine was given one for in vain", async () => {
    const results = await judged("3-ports", {
      worker1: { listeners: without4194 },
      worker2: { listeners: without4194 },
    });
    const failed = results.filter(listens);
    expect(failed.map(({ machine, status }) => `${machine ?? ""} ${status}`)).to.deep.equal([
      "worker1 failed",
      "worker2 failed",
    ]);
    expect(failed[0]?.error?.message).to.match(/ \(3\d looks in 60\.0 s of 60 s\)$/);
    expect(failed[1]?.error?.message).to.match(/ \(2 looks in 0\.5 s of 60 s\)$/);
  });

  it("still sees what comes true on the other machine after its first look", async () => {
    const results = await judged("3-ports", {
      worker1: { listeners: without4194 },
      worker2: { listeners: [without4194, workerListeners()] },
    });
    expect(results.filter(listens).map(({ machine, status }) => `${machine ?? ""} ${status}`)).to.deep.equal([
      "worker1 failed",
      "worker2 passed",
    ]);
  });
});
