import { expect } from "chai";
import type { Observation } from "../../harness/facts/fact.ts";
import { asJudged } from "../judge/again.ts";
import { kept } from "../recordings/recording.ts";

/** The specs' own modules: see test/judge/specs.test.ts. */
const replaying = () => import("../../harness/judge/replay.ts");

/** What a recording would lack if this unit had come into its role after it was made. */
const isOf =
  (unit: string) =>
  ({ fact, args: [name] }: Observation): boolean =>
    ["unit", "process", "unit files", "journal"].includes(fact) && name === unit;

async function judged(name: string, without: string) {
  const [run, { replay }] = [await kept(name), await replaying()];
  const observations = run.observations.filter((seen) => !isOf(without)(seen));
  expect(observations.length).to.be.lessThan(run.observations.length);
  return replay(run.lab, observations, {
    signal: new AbortController().signal,
    ...(await asJudged(run)),
  });
}

describe("a recording made before a role had one of its units", () => {
  it("is judged as before, but for that unit", async () => {
    const { specs } = await judged("healthy", "kube-proxy");
    expect(specs.filter(({ status }) => status === "failed")).to.deep.equal([]);
    const open = specs.filter(({ status }) => status !== "passed").map(({ title }) => title.join(" "));
    expect(open.filter((title) => !title.includes("kube-proxy"))).to.deep.equal([]);
    expect(open).to.include("services worker1 runs kube-proxy");
    expect(specs.length - open.length).to.be.greaterThan(200);
  });

  it("is still broken for the same reason", async () => {
    const { causes, verdict } = await judged("kubelet-on-loopback", "kube-proxy");
    expect(verdict).to.equal("broken");
    expect(causes[0]?.link).to.equal("worker1/kubelet listener");
  });
});
