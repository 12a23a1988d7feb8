import { expect } from "chai";
import { readdir, readFile } from "node:fs/promises";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Observation } from "../../harness/facts/fact.ts";
import type { Judgement } from "../../harness/judge/result.ts";
import { breed } from "../../harness/mutants/breed.ts";
import { readCatalogue } from "../../harness/mutants/mutant.ts";
import { ownTemplates, project } from "../../harness/paths.ts";
import { asJudged } from "../judge/again.ts";
import { kept, keptNames, type KeptRun } from "../recordings/recording.ts";
import { voices } from "./voices.ts";

const samples = join(import.meta.dirname, "samples");
const fileOf = (fact: string): string => `${fact.replaceAll(" ", "-").replaceAll("'", "")}.txt`;

/** mocha's own modules are not the specs': see specs.test.ts. */
const replaying = () => import("../../harness/judge/replay.ts");

/** A recording as CentOS 7 machines would have told it. */
function told(run: KeptRun): KeptRun {
  const observations = run.observations.map((seen): Observation => {
    const voice = voices[seen.fact];
    if (voice === undefined) throw new Error(`CentOS 7 has no voice for the fact "${seen.fact}"`);
    return { ...seen, ...voice.tell(seen) };
  });
  return { ...run, observations };
}

async function judged(run: KeptRun, templates: string, grep?: RegExp): Promise<Judgement> {
  const { replay } = await replaying();
  return replay(run.lab, run.observations, {
    grep,
    signal: new AbortController().signal,
    ...(await asJudged(run, templates)),
  });
}

const brief = ({ verdict, causes, specs }: Judgement) => ({
  verdict,
  causes: causes.map(({ sentence }) => sentence),
  specs: specs.map(({ title, status }) => `${status}: ${title.join(" › ")}`),
});

describe("the voice of CentOS 7", () => {
  it("is there for every fact and act that a recording or the harness has", async () => {
    const facts = new Set<string>();
    for (const name of await keptNames())
      for (const { fact } of (await kept(name)).observations) facts.add(fact);
    const folder = join(project, "harness", "facts");
    for (const file of await readdir(folder)) {
      const module = (await import(pathToFileURL(join(folder, file)).href)) as Record<string, unknown>;
      for (const value of Object.values(module)) if (isFact(value)) facts.add(value.name);
    }
    expect(facts.size).to.be.greaterThan(35);
    expect([...facts].filter((fact) => voices[fact] === undefined)).to.deep.equal([]);
  });

  it("prints each sample again from the sample's own data, byte for byte", async () => {
    const files = await readdir(samples);
    const known = new Map(Object.entries(voices).map(([fact, voice]) => [fileOf(fact), voice]));
    for (const file of files) {
      const voice = known.get(file) ?? known.get(`${file.split("-")[0] ?? ""}.txt`);
      const sample = await readFile(join(samples, file), "utf8");
      expect(voice?.again(sample), file).to.equal(sample);
    }
  });

  it("has a sample for whatever it claims to know, and the first run's page lists what it does not", async () => {
    const files = await readdir(samples);
    const page = await readFile(join(project, "docs", "first-centos-run.md"), "utf8");
    for (const [fact, { origin }] of Object.entries(voices)) {
      if (origin === undefined) expect(page, fact).to.include(`\`${fact}\``);
      else if (origin !== "the harness itself") expect(files, fact).to.include(fileOf(fact));
    }
  });

  describe("judged", function () {
    this.timeout(60_000);
    let scratch = "";
    before(async () => {
      scratch = await mkdtemp(join(tmpdir(), "hardway-voice-"));
    });
    after(() => rm(scratch, { recursive: true }));

    it("tells of a healthy lab what the embedded lab's machines tell", async () => {
      const run = await kept("healthy");
      expect(brief(await judged(told(run), ownTemplates))).to.deep.equal(
        brief(await judged(run, ownTemplates)),
      );
    });

    for (const name of [
      "flannel-on-the-wrong-interface",
      "wrong-flannel-prefix",
      "unknown-flag-for-the-kubelet",
      "etcd-on-loopback",
      "key-that-kube-cannot-read",
      "forwarding-dropped",
    ]) {
      it(`tells of ${name} the same verdict and the same causes`, async () => {
        const mutant = (await readCatalogue(join(project, "test", "mutants.yaml"))).find(
          (one) => one.name === name,
        );
        if (mutant === undefined) throw new Error(`expected ${name} in the catalogue`);
        const templates = join(scratch, name, "provision");
        await breed(mutant, ownTemplates, templates);
        const run = await kept(name);
        const [here, there] = [
          await judged(run, templates, /^(?!packages)/),
          await judged(told(run), templates, /^(?!packages)/),
        ];
        expect(here.verdict).to.equal("broken");
        expect(brief(there)).to.deep.equal(brief(here));
      });
    }
  });
});

const isFact = (value: unknown): value is { name: string } =>
  typeof value === "object" && value !== null && "ask" in value && "parse" in value && "name" in value;
