import { expect } from "chai";
import type { SpecResult } from "../../harness/judge/result.ts";
import { asJudged } from "../judge/again.ts";
import { kept } from "../recordings/recording.ts";
import { allFacts, fieldsOf, saying, withField, type Change } from "./parsed.ts";

/** The specs' own modules: see test/judge/specs.test.ts. */
const replaying = () => import("../../harness/judge/replay.ts");

/** What no spec judges, and why it is read nevertheless. */
const notJudged: Record<string, string> = {
  "repositories.repositories[].file": "says where a repository is written",
  "packages[].transaction": "tells which packages came together",
  "packages[].signature": "says how a package is signed",
  "package files[].path": "says where a package is kept",
  "package files[].verdict": "says what rpm said",
  "unit.name": "names the unit where its state is told",
  "unit.exitStatus": "says how a unit ended",
  "unit.ended": "says when a unit ended",
  "unit files.environmentFiles[].path": "evidence for a cause: what a daemon reads",
  "unit files.environmentFiles[].optional": "evidence for a cause: whether it may be missing",
  "unit files.execStart": "evidence for a cause: what a daemon is given",
  "unit files.texts.*": "evidence for a cause: what a unit says",
  "process.running": "evidence for a cause: whether arguments are those of a process that runs",
  "process.environment.*": "evidence for a cause: what a daemon was given",
  "listeners[].address": "says where something listens",
  "etcd health.verdict": "says what etcdctl said",
  "nodes[].why": "says why a node is not Ready",
  "componentstatuses[].why": "says why a component is not healthy",
  "pods[].name": "names the pod",
  "replicasets[].name": "says what is to be deleted",
  "replicasets[].labels.*": "tells which are the guestbook's",
  "system.os": "told in reports",
  "system.kernel": "told in reports",
  "parts[].name": "told in reports",
  "parts[].kind": "told in reports",
  "parts[].version": "told in reports",
  "parts[].origin": "told in reports",
  "parts[].sha256": "told in reports",
};

describe("what is parsed", function () {
  this.timeout("10m");

  it("is judged by some spec, each field of it (SHOW_FIELDS=1 prints by which)", async () => {
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
    const fields = new Map<string, { fact: string; kind: string }>();
    expect(
      await firstFailure((fact, said) => {
        for (const field of fieldsOf(said, fact))
          fields.set(field, { fact, kind: kindOf(said, fact, field) });
        return said;
      }),
    ).to.equal(undefined);
    const unseen: string[] = [];
    for (const [field, { fact, kind }] of fields) {
      if (field in notJudged) continue;
      let seen: SpecResult | undefined;
      for (const change of [...(special[field] ?? []), ...(changes[kind] ?? [])]) {
        seen ??= await firstFailure((name, said) =>
          name === fact ? withField(said, fact, field, change) : said,
        );
      }
      if (process.env["SHOW_FIELDS"] === "1") console.log(field, "–", seen?.title.join(" › ") ?? "nothing");
      if (seen === undefined) unseen.push(field);
    }
    expect(unseen, "no spec notices a change of").to.deep.equal([]);
    expect(
      Object.keys(notJudged).filter((field) => !fields.has(field)),
      "is not parsed",
    ).to.deep.equal([]);
  });
});

let count = 0;

/** Other values of a kind: far away, none, and each time another one. */
const changes: Record<string, Change[]> = {
  boolean: [(leaf) => leaf !== true],
  number: [(leaf) => Number(leaf) + 1_000_000_000, () => 0, () => (count += 1)],
  string: [(leaf) => `${String(leaf)}-other`, () => ""],
};

/** What another value of its kind does not do to a field. */
const special: Record<string, Change[]> = {
  "filter table.rules[].text": [() => "-j DROP"],
  // What stops traffic between docker's own networks would stop all, one chain higher.
  "filter table.rules[].chain": [(leaf) => (leaf === "DOCKER-ISOLATION-STAGE-2" ? "FORWARD" : leaf)],
};

function kindOf(said: unknown, fact: string, field: string): string {
  let kind = "";
  withField(said, fact, field, (leaf) => {
    kind = typeof leaf;
    return leaf;
  });
  return kind;
}
