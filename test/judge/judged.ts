import { join } from "node:path";
import type { SpecResult } from "../../harness/judge/result.ts";
import { ownTemplates, project } from "../../harness/paths.ts";
import { knownFrom } from "../../harness/judge/known.ts";
import { but, embedded, master, worker } from "./healthy.ts";
import { patience } from "./patience.ts";
import { recorded, type Answers } from "./recorded.ts";

/**
 * The judge as the specs see it: mocha loads test files by `require`, spec files are imported, and each of the two
 * ways has modules of its own.
 */
const judging = () => import("../../harness/judge/judge.ts");

/**
 * Judges a healthy lab but for what is changed, by some spec files; no time passes.
 * @param files the spec files' names without ".spec.ts"
 * @param changes by machine
 * @param asked is given the questions, round trip by round trip
 */
export async function judged(
  files: string | readonly string[],
  changes: Record<string, Answers> = {},
  asked: string[][] = [],
): Promise<SpecResult[]> {
  const lab = await embedded();
  const observers = lab.machines.map((machine) => {
    const healthy = machine.role === "master" ? master(machine) : worker(machine);
    return recorded(machine, but(healthy, changes[machine.name] ?? {}), asked);
  });
  const results: SpecResult[] = [];
  const { judgeObserved } = await judging();
  await judgeObserved(
    lab,
    observers,
    {
      signal: new AbortController().signal,
      onSpec: (result) => results.push(result),
      known: await knownFrom(lab, ownTemplates),
    },
    { clock: patience(), specs: [files].flat().map((file) => join(project, "specs", `${file}.spec.ts`)) },
  );
  return results;
}

export const red = (results: SpecResult[]) => results.filter(({ status }) => status !== "passed");
export const sentences = (results: SpecResult[]) => red(results).map(({ error }) => error?.message ?? "");
