import { expect } from "chai";
import { join } from "node:path";
import { screenshotsIn } from "../../harness/browser/screenshots.ts";
import type { Observation } from "../../harness/facts/fact.ts";
import { live as observe, type Observer } from "../../harness/facts/observe.ts";
import { RecordedClock, recordedObservers } from "../../harness/facts/recorded.ts";
import type { Judgement, SpecResult } from "../../harness/judge/result.ts";
import type { Lab } from "../../harness/lab/lab.ts";
import type { Machine } from "../../harness/machines/machine.ts";
import { embedded } from "../judge/healthy.ts";
import { patience } from "../judge/patience.ts";
import { Apart } from "./apart.ts";
import { serve, type Fault } from "./site.ts";

describe("the guestbook in a browser, judged", function () {
  this.timeout("3m");
  const sample = join(import.meta.dirname, "..", "judge", "samples", "browser.spec.ts");
  let apart: Apart;
  let lab: Lab;
  before(async () => {
    apart = new Apart();
    lab = await embedded();
  });
  afterEach(() => {
    apart.pathAsBefore();
  });
  after(() => apart.leave());

  const machines = () => lab.machines.map((machine) => ({ ...machine, address: "127.0.0.1" }));

  async function judged(observers: readonly Observer[]): Promise<Judgement & { spec: SpecResult }> {
    // See specs.test.ts for why it is imported here.
    const { judgeObserved } = await import("../../harness/judge/judge.ts");
    const options = { signal: new AbortController().signal, onSpec: () => undefined };
    const judgement = await judgeObserved(lab, observers, options, { clock: patience(), specs: [sample] });
    const [spec] = judgement.specs;
    if (spec === undefined) throw new Error("expected a spec");
    return { ...judgement, spec };
  }

  /** Makes a visit, and judges again from what was recorded of it, without a browser. */
  async function twice(fault: Fault) {
    await using site = await serve(fault);
    process.env["GUESTBOOK_PORT"] = String(site.port);
    const recording: Observation[] = [];
    const record = (seen: Observation) => recording.push(seen);
    const live = await judged(machines().map((machine) => observe(machine as unknown as Machine, record)));
    await apart.path();
    const replayed = await judged(recordedObservers(machines(), recording, new RecordedClock(recording)));
    return { site, live, replayed, recording };
  }

  const told = ({ spec: { status, optional, error }, verdict }: { spec: SpecResult; verdict: string }) => ({
    status,
    optional,
    verdict,
    message: error?.message,
  });

  it("passes where the message is listed, and again from the recording, which has the picture", async () => {
    const { site, live, replayed, recording } = await twice({});
    expect(told(live)).to.deep.equal({
      status: "passed",
      optional: undefined,
      verdict: "works",
      message: undefined,
    });
    expect(told(replayed)).to.deep.equal(told(live));
    expect(live.facts.map(({ fact, machine }) => `${machine} ${fact}`)).to.deep.equal(["worker1 browser"]);
    const [screenshot, ...others] = screenshotsIn(recording);
    expect(others).to.deep.equal([]);
    expect(screenshot?.title).to.match(/^the guestbook, opened through worker1 with .*Chrome\/\d/);
    expect(screenshot).to.include({ machine: "worker1", url: site.url });
    expect(screenshot?.png).to.match(/^iVBORw0KGgo/);
  });

  it("fails with what the page shows instead, and again from the recording", async () => {
    const { live, replayed } = await twice({ html: "<p>It works!" });
    expect(told(live)).to.deep.equal({
      status: "failed",
      optional: undefined,
      verdict: "broken",
      message:
        'worker1 guestbook\'s message in a browser: expected the page to list "typed by a person", saw "It works!"; there is no field to type into',
    });
    expect(told(replayed)).to.deep.equal(told(live));
  });

  it("is not judged, and left out of the verdict, without a browser: again from the recording", async () => {
    await apart.path();
    const { live, replayed, recording } = await twice({});
    expect(live.spec).to.include({ status: "not judged", optional: true });
    expect(live.spec.error?.message).to.match(/^no browser: expected chromium, /);
    expect(told(replayed)).to.deep.equal(told(live));
    expect(screenshotsIn(recording)).to.deep.equal([]);
  });

  it("is not judged where the page needs what this host cannot reach", async () => {
    const { live } = await twice({ html: '<script src="http://127.0.0.1:9/angular.js"></script>' });
    expect(live.spec).to.include({ status: "not judged", optional: true });
    expect(live.spec.error?.message).to.match(/^the page needs .*: http:\/\/127\.0\.0\.1:9\/angular\.js /);
  });
});
