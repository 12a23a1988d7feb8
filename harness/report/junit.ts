import { byFile, judging, standInsOf, tally } from "./findings.ts";
import { seconds, testcase } from "./junit/testcase.ts";
import { wholeRun } from "./junit/whole-run.ts";
import { element, xmlDocument, type Element } from "./junit/xml.ts";
import { inSeconds } from "./plain.ts";
import type { Results } from "./results/schema.ts";
import type { SpecResult } from "./results/spec.ts";

interface Counts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
}

/**
 * A run as JUnit XML, a suite for each spec file, valid against what Jenkins's xunit plugin takes (junit-10.xsd).
 * It has a failure or an error wherever the exit code is not 0, and none where it is 0: a run that stopped, or that
 * judged nothing, gets a suite of its own, for an empty document would be shown as green.
 */
export function junit(results: Results): string {
  const suites = [...byFile(results.specs)].map(([file, specs]) => ofSpecs(results, file, specs));
  const { cases, failures, errors } = wholeRun(results);
  const own = { tests: cases.length, failures, errors, skipped: 0 };
  if (cases.length > 0)
    suites.unshift({ ms: 0, counts: own, suite: suite(results, "run", {}, own, 0, cases) });
  const sum = (count: (one: (typeof suites)[number]) => number) =>
    suites.reduce((total, one) => total + count(one), 0);
  return xmlDocument(
    element(
      "testsuites",
      {
        name: `hardway-e2e ${results.lab.name}`,
        tests: sum(({ counts }) => counts.tests),
        failures: sum(({ counts }) => counts.failures),
        errors: sum(({ counts }) => counts.errors),
        time: seconds(sum(({ ms }) => ms)),
      },
      suites.map((one) => one.suite),
    ),
  );
}

function ofSpecs(results: Results, file: string, specs: SpecResult[]) {
  const { failed, unsteady, "not judged": skipped } = tally(specs);
  const counts = { tests: specs.length, failures: failed + unsteady, errors: 0, skipped };
  const ms = specs.reduce((total, { elapsed }) => total + elapsed, 0);
  const machines = new Set(specs.map(({ machine }) => machine));
  const [machine] = machines.size === 1 ? machines : [];
  const cases = specs.map((spec) => testcase(results, spec));
  return { ms, counts, suite: suite(results, file, { hostname: machine, file }, counts, ms, cases) };
}

/** A suite; `hostname` is the machine that all of its specs concern, where it is one. */
const suite = (
  results: Results,
  name: string,
  place: { hostname?: string | undefined; file?: string },
  { tests, failures, errors, skipped }: Counts,
  ms: number,
  cases: Element[],
): Element =>
  element(
    "testsuite",
    {
      name,
      tests,
      failures,
      errors,
      skipped,
      time: seconds(ms),
      // The format has no zones: UTC. When judging began, for specs do not say when they did.
      timestamp: (judging(results)?.startedAt ?? results.run.startedAt).slice(0, 19),
      ...place,
    },
    [element("properties", {}, properties(results)), ...cases],
  );

/** What a suite's specs were judged on and by. */
function properties(results: Results): Element[] {
  const { lab, verdict, exitCode, run, templates, tools, images, rounds, stages } = results;
  const ours = images.filter(({ kind }) => kind === "ours").map(({ name }) => name);
  const named: [string, string | number][] = [
    ["lab", lab.name],
    ["lab.file", lab.file],
    ["verdict", verdict],
    ["exit code", exitCode],
    ["run", run.id],
    ["run.revision", run.revision],
    ["run.replay", String(run.replay)],
    ["templates", templates.folder],
    ["templates.digest", templates.digest],
    ["templates.changed since provisioning", String(templates.changedSince)],
    ["stand-ins", standInsOf(results)?.join(", ") ?? "unknown: no machine was observed"],
    ["images of ours", ours.join(", ")],
    ["rounds", rounds],
    ...stages.map(({ name, ms }): [string, string] => [`stage.${name}`, inSeconds(ms)]),
    ...Object.entries(tools).map(([name, version]): [string, string] => [`tool.${name}`, version]),
  ];
  return named.map(([name, value]) => element("property", { name, value }));
}
