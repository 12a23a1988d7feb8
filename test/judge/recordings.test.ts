import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onlyLooks } from "../../harness/judge/onlookers.ts";
import type { Judgement } from "../../harness/judge/result.ts";
import { breed } from "../../harness/mutants/breed.ts";
import { readCatalogue, type Mutant } from "../../harness/mutants/mutant.ts";
import { outcomeOf } from "../../harness/mutants/proof.ts";
import { ownTemplates, project } from "../../harness/paths.ts";
import { asJudged } from "./again.ts";
import { kept, keptNames, type KeptRun } from "../recordings/recording.ts";

/** All specs but the packages', as the mutants were judged; everything, as the healthy lab was. */
const judgedBy = { mutant: /^(?!packages)/, healthy: undefined };

/** mocha's own modules are not the specs': see specs.test.ts. */
const replaying = () => import("../../harness/judge/replay.ts");

async function judged(run: KeptRun, templates: string, grep?: RegExp): Promise<Judgement> {
  const { replay } = await replaying();
  return replay(run.lab, run.observations, {
    grep,
    signal: new AbortController().signal,
    ...(await asJudged(run, templates)),
  });
}

const names = await keptNames();
const mutants = new Map(
  (await readCatalogue(join(project, "test", "mutants.yaml"))).map((mutant): [string, Mutant] => [
    mutant.name,
    mutant,
  ]),
);

describe("recordings of labs, judged again without a machine", () => {
  let scratch = "";
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "hardway-recordings-"));
  });
  after(() => rm(scratch, { recursive: true }));

  it("find the healthy lab working, in every spec", async () => {
    const { specs, verdict, causes } = await judged(await kept("healthy"), ownTemplates);
    expect(
      specs.filter(({ status }) => status !== "passed").map(({ title, error }) => [title, error]),
    ).to.deep.equal([]);
    expect(verdict).to.equal("works");
    expect(causes).to.deep.equal([]);
    const doing = specs.filter((spec) => !onlyLooks(spec)).map(({ title: [first] }) => first);
    expect([...new Set(doing)], "do something first").to.deep.equal([
      "docker network",
      "guestbook",
      "packages",
      "services, after all that,",
    ]);
  });

  it("judge nothing that was not recorded, and say so", async () => {
    const run = await kept("healthy");
    const observations = run.observations.filter(({ fact }) => fact !== "listeners");
    const { specs, verdict } = await judged({ ...run, observations }, ownTemplates, /^ports .* listens on/);
    expect(verdict).to.equal("not judged");
    expect(new Set(specs.map(({ status }) => status))).to.deep.equal(new Set(["not judged"]));
    expect(specs[0]?.error?.message).to.match(/^\w+: the recording has no further answer for "listeners"/);
  });

  it("are there for every setting of the catalogue, of which there are fifteen and more", () => {
    expect([...mutants.keys()].filter((name) => !names.includes(name))).to.deep.equal([]);
    expect(mutants.size).to.be.greaterThan(14);
  });

  for (const name of names) {
    const mutant = mutants.get(name);
    if (mutant === undefined) continue;
    it(`blame ${mutant.blames} for ${name}`, async () => {
      const templates = join(scratch, name, "provision");
      await breed(mutant, ownTemplates, templates);
      const { causes, verdict, specs } = await judged(await kept(name), templates, judgedBy.mutant);
      expect(verdict).to.equal("broken");
      const [first] = causes;
      const proof = first === undefined ? undefined : outcomeOf(mutant, first);
      expect(proof, first?.sentence).to.be.oneOf(["named", "among"]);
      // One broken setting is not told as many failures.
      expect(specs.filter(({ status }) => status === "failed").length).to.be.lessThan(10);
    });
  }
});
