import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Observation } from "../facts/fact.ts";
import { live, type Observer } from "../facts/observe.ts";
import type { Lab } from "../lab/lab.ts";
import type { Machine } from "../machines/machine.ts";
import { project } from "../paths.ts";
import { wallClock, type Clock } from "./clock.ts";
import { Course } from "./course.ts";
import { specLab, type SpecLab } from "./lab.ts";
import { verdictOn, type Judgement, type MachineResult, type SpecResult } from "./result.ts";
import { during } from "./running.ts";
import { runSpecs } from "./suite.ts";
import { resultOf } from "./verdict.ts";

interface JudgeOptions {
  /** Only specs whose full title matches. */
  grep?: string;
  signal: AbortSignal;
  /** Called with each spec's result as soon as it and its explanation are known, in order. */
  onSpec: (result: SpecResult) => void;
  /** Called with everything observed on, and done to, the machines. */
  record?: (observation: Observation) => void;
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
  { grep, signal, onSpec }: JudgeOptions,
  { clock, specs: files }: Surroundings,
): Promise<Judgement> {
  const course = new Course(clock, signal);
  const seen = specLab(lab, observers, course);
  return during({ course, lab: seen, masterName: lab.master.name }, async () => {
    const specs: SpecResult[] = [];
    // Explaining a failure asks the machines, while the next spec runs already.
    let told = Promise.resolve();
    await runSpecs(files, {
      course,
      grep,
      onEnd: (ended) => {
        told = told.then(async () => {
          const result = await resultOf(ended);
          specs.push(result);
          onSpec(result);
        });
      },
    });
    await told;
    signal.throwIfAborted();
    const verdict = verdictOn(specs);
    return {
      specs,
      verdict,
      works: verdict === "works",
      ...(specs.length === 0
        ? { reason: grep === undefined ? "there are no specs" : `no spec matches ${grep}` }
        : {}),
      machines: await Promise.all(seen.machines.map((machine) => known(machine))),
    };
  });
}

async function known(machine: SpecLab["machines"][number]): Promise<MachineResult> {
  const { name } = machine;
  const system = await machine.system().catch(() => undefined);
  const parts = await machine.parts().catch(() => []);
  return { name, ...(system === undefined ? {} : { system }), parts };
}

/** The project's spec files; their names give the order in which a reader builds the cluster. */
async function specFiles(): Promise<string[]> {
  const folder = join(project, "specs");
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith(".spec.ts"))
    .sort()
    .map((name) => join(folder, name));
}
