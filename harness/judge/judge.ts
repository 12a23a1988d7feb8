import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Known } from "../cause/evidence.ts";
import { Graph, nodeOf, type Node, type ProvisioningFailures } from "../cause/graph.ts";
import type { Observation } from "../facts/fact.ts";
import { live, type Observer } from "../facts/observe.ts";
import { links } from "../facts/links.ts";
import type { Lab } from "../lab/lab.ts";
import type { Machine } from "../machines/machine.ts";
import { project } from "../paths.ts";
import type { GivenFile } from "../provision/given.ts";
import { causesOf, setAside, settle } from "./causes.ts";
import { components } from "./cluster.ts";
import { wallClock, type Clock } from "./clock.ts";
import { Course } from "./course.ts";
import { portsOf } from "./ports.ts";
import type { Setting } from "../settings/setting.ts";
import { gatherEvidence } from "./evidence.ts";
import { brokenBehind } from "./explain.ts";
import { specLab, type SpecLab } from "./lab.ts";
import { pictureOf } from "./picture.ts";
import { verdictOn, type Judgement, type SpecResult } from "./result.ts";
import { during } from "./running.ts";
import { runSpecs } from "./suite.ts";
import { judgedFrom, noteBroken, type Judged } from "./verdict.ts";

interface JudgeOptions {
  /** Only specs whose full title matches. */
  grep?: RegExp;
  signal: AbortSignal;
  /** Called with each spec's result as soon as it and its explanation are known, in order. */
  onSpec: (result: SpecResult) => void;
  /** Called with everything observed on, and done to, the machines. */
  record?: (observation: Observation) => void;
  /** The lab's settings, to be named where one is to blame. */
  known?: Known;
  failures?: ProvisioningFailures;
  /** The longest wait of each spec in a healthy run, milliseconds, by its whole title. */
  healthy?: ReadonlyMap<string, number>;
  /** The files that the lab's machines were given. */
  files?: readonly GivenFile[];
}

/** What judging needs beside the lab; replaced where it is not a running lab that is judged. */
interface Surroundings {
  clock: Clock;
  /** Absolute paths of spec files, in order. */
  specs: readonly string[];
}

/**
 * Judges a lab whose machines are up.
 * @throws the signal's reason, and what a defective spec file throws while it is loaded
 */
export const judge = async (
  lab: Lab,
  machines: readonly Machine[],
  options: JudgeOptions,
): Promise<Judgement> =>
  judgeObserved(
    lab,
    machines.map((machine) => live(machine, options.record ?? (() => undefined))),
    options,
    { clock: wallClock, specs: await specFiles() },
  );

/**
 * Judges a lab by what observers of its machines say, be they live or a recording.
 * @public tests import it as they import the judge, dynamically
 */
export function judgeObserved(
  lab: Lab,
  observers: readonly Observer[],
  { grep, signal, onSpec, known = nothingKnown, files: given = [], failures, healthy }: JudgeOptions,
  { clock, specs: files }: Surroundings,
): Promise<Judgement> {
  const graph = new Graph(components, lab, failures);
  const course = new Course(clock, signal, graph, healthy);
  const observations: Observation[] = [];
  const seen = specLab(
    lab,
    observers.map((observer) => noting(observer, observations)),
    course,
    given,
  );
  return during({ course, lab: seen }, async () => {
    const judged: Judged[] = [];
    let told = Promise.resolve();
    await runSpecs(files, {
      course,
      grep,
      onEnd: (ended) => {
        const broken = ended.error === undefined ? undefined : brokenBehind(ended.error);
        noteBroken(ended);
        told = told.then(async () => {
          const one = await judgedFrom(ended, broken);
          judged.push(one);
          onSpec(one.spec);
        });
      },
      settled: () => told,
    });
    await told;
    signal.throwIfAborted();
    const machines = await Promise.all(seen.machines.map((machine) => partsKnown(machine)));
    settle(judged, graph);
    if (judged.some(({ spec }) => spec.status !== "passed")) {
      setAside(
        judged,
        (await Promise.all(seen.machines.map((machine) => machine.refusals().catch(() => [])))).flat(),
      );
    }
    const specs = judged.map(({ spec }) => spec);
    const verdict = verdictOn(specs);
    return {
      specs,
      verdict,
      works: verdict === "works",
      causes: causesOf(judged, graph, known, {
        namesOf: (address) => interfacesWith(seen, address),
        serverOf: (setting) => serversOf(lab, setting),
      }),
      ...(specs.length === 0
        ? { reason: grep === undefined ? "there are no specs" : `no spec matches ${String(grep)}` }
        : {}),
      machines,
      facts: gatherEvidence(judged),
      picture: pictureOf(lab, observations),
      observations,
    };
  });
}

const nothingKnown: Known = { settings: [], daemons: [], problems: [], stock: new Map() };

/** An observer that also notes what it was answered. */
const noting = (observer: Observer, observations: Observation[]): Observer => ({
  ...observer,
  observe: async (asked, signal) => {
    const seen = await observer.observe(asked, signal);
    observations.push(...seen);
    return seen;
  },
  perform: async (asked, performance) => {
    const seen = await observer.perform(asked, performance);
    observations.push(seen);
    return seen;
  },
});

/** The names of the interfaces that had an address when they were first looked at. */
const interfacesWith = ({ machines }: SpecLab, address: string): string[] =>
  machines
    .flatMap(({ readings }) => readings.recall(links) ?? [])
    .filter(({ addresses }) => addresses.some((one) => one.startsWith(`${address}/`)))
    .map(({ name }) => name);

/** The components that serve the URLs in a setting: known by machine and port, loopback meaning the setting's own machine. */
function serversOf(lab: Lab, { machine, value }: Setting): Node[] {
  const urls = value.matchAll(/https?:\/\/([\w.-]+):(\d+)/g);
  return [...urls].flatMap(([, host = "", port]) => {
    const isOwn = /^(127\.|localhost$)/.test(host);
    const on = lab.machines.find((one) => (isOwn ? one.name === machine : one.address === host));
    const expected = on && portsOf(lab)[on.role].find((one) => one.port === Number(port));
    return on === undefined || expected === undefined ? [] : [nodeOf(on.name, expected.watched)];
  });
}

async function partsKnown(machine: SpecLab["machines"][number]): Promise<Judgement["machines"][number]> {
  const { name } = machine;
  const system = await machine.system().catch(() => undefined);
  const parts = await machine.parts().catch(() => []);
  return { name, ...(system === undefined ? {} : { system }), parts };
}

/** The project's spec files; their names give the order in which a reader builds the cluster. */
export async function specFiles(): Promise<string[]> {
  const folder = join(project, "specs");
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith(".spec.ts"))
    .sort()
    .map((name) => join(folder, name));
}
