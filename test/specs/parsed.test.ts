import { expect } from "chai";
import type { SpecResult } from "../../harness/judge/result.ts";
import { asJudged } from "../judge/again.ts";
import { kept } from "../recordings/recording.ts";
import { allFacts, fieldsOf, saying, withField, type Change } from "./parsed.ts";

/** The specs' own modules: see test/judge/specs.test.ts. */
const replaying = () => import("../../harness/judge/replay.ts");

/** What is read for telling why, and by no spec; and what only names the thing that is judged. */
const notJudged: Record<string, string> = {};

describe("what is parsed", function () {
  this.timeout("10m");

  it("is judged by some spec, each field of it, or told where a spec fails", async () => {
    const [run, facts, { replay }] = [await kept("healthy"), await allFacts(), await replaying()];
    const options = await asJudged(run);
    /** The first spec that fails. */
    const firstFailure = async (alter: (fact: string, said: unknown) => unknown) => {
      const stop = new AbortController();
      let failed: SpecResult | undefined;
      const onSpec = (spec: SpecResult) => {
        if (spec.status !== "failed") return;
        failed ??= spec;
        stop.abort(new Error("seen"));
      };
      await saying(facts, alter, () =>
        replay(run.lab, run.observations, { ...options, signal: stop.signal, onSpec }).catch(() => undefined),
      );
      return failed;
    };
    const values = new Map<string, unknown>();
    expect(
      await firstFailure((fact, said) => {
        for (const field of fieldsOf(said, fact)) values.set(field, kindOf(said, fact, field));
        return said;
      }),
    ).to.equal(undefined);
    const unseen: string[] = [];
    for (const [field, kind] of values) {
      const fact = /^[^.[]*/.exec(field)?.[0] ?? "";
      let seen: SpecResult | undefined;
      for (const change of changes[String(kind)] ?? []) {
        seen ??= await firstFailure((name, said) =>
          name === fact ? withField(said, fact, field, change) : said,
        );
      }
      console.log(field, seen === undefined ? "UNSEEN" : seen.title.join(" › "));
      if (seen === undefined) unseen.push(field);
    }
    expect(unseen).to.have.members(Object.keys(notJudged));
  });
});

const changes: Record<string, Change[]> = {
  boolean: [(leaf) => leaf !== true],
  number: [(leaf) => Number(leaf) + 1_000_000_000, () => 0],
  string: [(leaf) => `${String(leaf)}-other`, () => ""],
};

function kindOf(said: unknown, fact: string, field: string): string {
  let kind = "";
  withField(said, fact, field, (leaf) => {
    kind = typeof leaf;
    return leaf;
  });
  return kind;
}
