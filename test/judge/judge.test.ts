import { expect } from "chai";
import { join } from "node:path";
import { NotJudged } from "../../harness/errors.ts";
import type { Observer } from "../../harness/facts/observe.ts";
import type { Lab } from "../../harness/lab/lab.ts";
import type { Judgement } from "../../harness/judge/result.ts";
import { embedded, master, worker } from "./healthy.ts";
import { patience } from "./patience.ts";
import { recorded, type Answers } from "./recorded.ts";

/** See specs.test.ts for why these are imported. */
const modules = () =>
  Promise.all([import("../../harness/judge/judge.ts"), import("../../harness/errors.ts")] as const);

describe("judging", () => {
  let lab: Lab;
  before(async () => {
    lab = await embedded();
  });

  const observer = (name: string, changes: Answers = {}): Observer => {
    const machine = lab.machines.find((one) => one.name === name) ?? lab.master;
    return recorded(machine, {
      ...(machine.role === "master" ? master(machine) : worker(machine)),
      ...changes,
    });
  };

  async function judged(sample: string, observers: Observer[], grep?: RegExp): Promise<Judgement> {
    const [{ judgeObserved }] = await modules();
    return judgeObserved(
      lab,
      observers,
      {
        signal: new AbortController().signal,
        onSpec: () => undefined,
        ...(grep === undefined ? {} : { grep }),
      },
      { clock: patience(), specs: [join(import.meta.dirname, "samples", `${sample}.spec.ts`)] },
    );
  }

  const all = (changes: Record<string, Answers> = {}) =>
    ["master", "worker1", "worker2"].map((name) => observer(name, changes[name]));

  async function unreachable(name: string): Promise<Observer> {
    const [, errors] = await modules();
    const refuse = () =>
      Promise.reject(new errors.NotJudged(`${name}: expected an answer over SSH, saw none for 30 s`));
    return { ...observer(name), observe: refuse, perform: refuse };
  }

  it("says that a lab works where every spec passed", async () => {
    const { verdict, works, specs, machines } = await judged("mixed", all());
    expect({ verdict, works, specs: specs.length }).to.deep.equal({
      verdict: "works",
      works: true,
      specs: 4,
    });
    expect(machines.map(({ name, system, parts }) => [name, system?.os, parts[0]?.kind])).to.deep.equal(
      ["master", "worker1", "worker2"].map((name) => [name, "Debian GNU/Linux 12 (bookworm)", "real"]),
    );
  });

  it("says that it is broken where one failed, and how hard it looked", async () => {
    const { verdict, specs } = await judged(
      "mixed",
      all({ worker2: { "filter table": "-P FORWARD DROP\n" } }),
    );
    expect(verdict).to.equal("broken");
    expect(specs.map(({ status }) => status)).to.deep.equal(["passed", "passed", "failed", "failed"]);
    expect(specs.map(({ error }) => error?.message)).to.deep.equal([
      undefined,
      undefined,
      "worker2 iptables FORWARD policy: expected ACCEPT, saw DROP",
      "worker2 iptables FORWARD policy: expected ACCEPT, saw DROP (1 look in 0.0 s of 60 s)",
    ]);
    expect(specs[3]?.lastSeen).to.equal("worker2 iptables FORWARD policy: expected ACCEPT, saw DROP");
  });

  it("does not judge a machine that cannot be reached, and stops looking at once", async () => {
    const observers = [observer("master"), observer("worker1"), await unreachable("worker2")];
    const { verdict, works, specs } = await judged("mixed", observers);
    expect({ verdict, works }).to.deep.equal({ verdict: "not judged", works: false });
    expect(specs.map(({ status, looks }) => `${status} ${looks}`)).to.deep.equal([
      "passed 1",
      "passed 1",
      "not judged 1",
      "not judged 1",
    ]);
    expect(specs[2]?.error?.message).to.equal("worker2: expected an answer over SSH, saw none for 30 s");
  });

  it("lets a failure outweigh what was not judged", async () => {
    const observers = [
      observer("master"),
      observer("worker1", { "filter table": "-P FORWARD DROP\n" }),
      await unreachable("worker2"),
    ];
    expect((await judged("mixed", observers)).verdict).to.equal("broken");
  });

  it("counts a failed hook once: what it kept from running is not judged because of it", async () => {
    const { verdict, specs } = await judged("hook", all());
    expect(verdict).to.equal("broken");
    expect(specs.map(({ title, error }) => `${title.at(-1)}: ${error?.message}`)).to.deep.equal([
      "the first is told: master etcd: expected something else, saw active",
      "the second is told: not judged because master etcd: expected something else, saw active",
    ]);
    expect(specs.map(({ status }) => status)).to.deep.equal(["failed", "not judged"]);
    expect(specs[0]?.error?.hint).to.equal("npm run lab -- ssh master -- sudo journalctl -u etcd -n 50");
  });

  it("does not judge where every spec is behind a hook that could not be judged", async () => {
    const { verdict, specs } = await judged("hook", [
      await unreachable("master"),
      observer("worker1"),
      observer("worker2"),
    ]);
    expect(verdict).to.equal("not judged");
    expect(specs).to.have.lengthOf(2);
  });

  it("does not judge by a defective spec", async () => {
    const { verdict, specs } = await judged("defective", all());
    expect(verdict).to.equal("not judged");
    expect(specs[0]?.error?.message).to.equal("the spec itself broke off: RangeError: nothing there");
  });

  it("does not judge by no spec at all", async () => {
    expect(await judged("empty", all())).to.include({
      verdict: "not judged",
      works: false,
      reason: "there are no specs",
    });
    expect(await judged("mixed", all(), /no such title/)).to.include({
      verdict: "not judged",
      reason: "no spec matches /no such title/",
    });
  });

  it("leaves out of its verdict what was optional and not asked, but not out of its specs", async () => {
    const { verdict, works, specs } = await judged("optional", all());
    expect({ verdict, works }).to.deep.equal({ verdict: "works", works: true });
    expect(specs.map(({ status, optional }) => [status, optional])).to.deep.equal([
      ["passed", undefined],
      ["not judged", true],
    ]);
    const broken = all({ worker1: { "filter table": "-P FORWARD DROP\n" } });
    expect((await judged("optional", broken)).verdict).to.equal("broken");
    expect((await judged("optional", all(), /no means/)).verdict).to.equal("not judged");
  });

  it("does not judge by what it cannot read", async () => {
    const { specs } = await judged(
      "mixed",
      all({ worker1: { "filter table": "iptables: command not found" } }),
    );
    expect(specs[0]?.status).to.equal("not judged");
    expect(specs[0]?.error?.message).to.equal(
      'worker1: could not read the fact "filter table": expected the chains\' policies',
    );
  });

  it("ends with the signal's reason when it is stopped", async () => {
    const [{ judgeObserved }] = await modules();
    const stop = new AbortController();
    const specs = [join(import.meta.dirname, "samples", "mixed.spec.ts")];
    const options = {
      signal: stop.signal,
      onSpec: () => {
        stop.abort(new NotJudged("stopped"));
      },
    };
    const error: unknown = await judgeObserved(lab, all(), options, { clock: patience(), specs }).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.equal(stop.signal.reason);
  });
});
