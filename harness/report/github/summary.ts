import { byFile, reasonOf, standInsOf, surenessLabel, tally, titleOf } from "../findings.ts";
import { counted, inSeconds } from "../plain.ts";
import type { Cause } from "../results/cause.ts";
import { blameText } from "../results/wording.ts";
import type { Results } from "../results/schema.ts";
import type { SpecResult } from "../results/spec.ts";
import { code, table, within, words } from "./markdown.ts";
import { times } from "./times.ts";

/** GitHub takes 1024 KiB of summary from a step, and nothing at all of one that is longer. */
const limit = 1000 * 1024;

/** A list that is longer helps nobody on a page; the report has all of it. */
const listed = 100;

/**
 * A run as Markdown for the summary of a GitHub job: the verdict, what caused it, the specs by file, what is red,
 * how long it took beside the last run and the usual one, and what was not the real thing.
 * @param previous the results of this lab's last run, to compare times with
 * @param bytes how long it may be, where a step's summary has something in it already
 */
export function githubSummary(results: Results, previous?: Results, bytes = limit): string {
  const { trouble, causes, provision, specs } = results;
  return within(bytes, [
    `## ${words(heading(results))}`,
    ...causes.map(cause),
    ...(provision?.failures ?? []).map(
      ({ machine, message, details }) =>
        `**${words(machine)} could not be provisioned**: ${words(message)}${lines(details)}`,
    ),
    trouble === undefined
      ? ""
      : `**${words(trouble.kind)}**: ${words(trouble.message)}${lines(trouble.details)}${looking(trouble.hint)}`,
    table(
      ["specs", "passed", "failed", "unsteady", "not judged", "time"],
      [...byFile(specs)].map(([file, of]) => row(file, of)),
    ),
    ...list("Failed", specs, "failed", ({ error, lastSeen }) => error?.message ?? lastSeen ?? ""),
    ...list(
      "Unsteady",
      specs,
      "unsteady",
      ({ rounds = [], error }) =>
        `${rounds.map(({ status }) => status).join(", ")}${error === undefined ? "" : `: ${error.message}`}`,
    ),
    ...list("Not judged", specs, "not judged", reasonOf),
    standIns(results),
    ...times(results, previous),
    about(results),
  ]);
}

function heading({ lab, verdict, exitCode, specs, machines }: Results): string {
  if (exitCode === 4) return `💥 ${lab.name}: a bug in hardway-e2e stopped the run`;
  const said = {
    works: "✅ the cluster works",
    unsteady: "⚠️ the cluster is unsteady",
    broken: "❌ the cluster is broken",
    "not judged": "❔ not judged",
  }[verdict];
  return `${said}: ${counted(specs.length, "spec")} on ${counted(machines.length, "machine")} of ${lab.name}`;
}

function cause({ message, since, log, look, specs, symptoms, ...blamed }: Cause, index: number): string {
  const { sureness, candidates } = blamed;
  const where =
    candidates.length === 0
      ? [words(blameText(blamed))]
      : candidates.map(
          ({ name, value, ...at }) =>
            `${surenessLabel[sureness]} ${code(placeIn(at))} ${words(name)}${value === undefined ? "" : `: ${code(value, 300)}`}`,
        );
  return [
    `**Cause${index === 0 ? "" : ` ${index + 1}`}: ${words(message)}**`,
    ...[
      `${counted(specs.length, "spec")} failed for it, ${symptoms} more not judged${since === undefined ? "" : `; since ${words(since, 100)}`}`,
      ...(log === undefined ? [] : [`${words(`${log.machine} ${log.unit}`, 100)}: ${code(log.line, 500)}`]),
      ...where,
      ...(look === undefined ? [] : [code(look)]),
    ].map((line) => `- ${line}`),
  ].join("\n");
}

const placeIn = ({ file, line }: { file: string; line?: number | undefined }): string =>
  line === undefined ? file : `${file}:${line}`;

function row(file: string, specs: SpecResult[]): string[] {
  const { passed, failed, unsteady, "not judged": open } = tally(specs);
  const ms = specs.reduce((sum, { elapsed }) => sum + elapsed, 0);
  const numbers = [passed, failed, unsteady, open].map((count) => (count === 0 ? "" : String(count)));
  return [code(file), ...numbers, inSeconds(ms)];
}

function list(
  name: string,
  specs: readonly SpecResult[],
  status: SpecResult["status"],
  said: (spec: SpecResult) => string,
): string[] {
  const all = specs.filter((spec) => spec.status === status);
  const rows = all.slice(0, listed).map((spec) => [words(titleOf(spec.title), 300), words(said(spec), 500)]);
  const more = all.length > listed ? `… and ${all.length - listed} more, in the report.` : "";
  return all.length === 0 ? [] : [`### ${name}\n\n${table(["spec", "why"], rows)}\n\n${more}`.trimEnd()];
}

function standIns(results: Results): string {
  const names = standInsOf(results);
  const ours = results.images.filter(({ kind }) => kind === "ours").map(({ name }) => name);
  const images = ours.length === 0 ? "" : ` Images of ours: ${words(ours.join(", "))}.`;
  if (names === undefined) return "No machine was observed: what was a stand-in on them is not known.";
  if (names.length === 0) return `No stand-ins: every program on the machines was the real one.${images}`;
  return `**Stand-ins**, programs of ours in the place of real ones: ${words(names.join(", "))}.${images}`;
}

const about = ({ run, templates, lab, rounds }: Results): string =>
  [
    `Run ${code(run.id)}${run.replay ? ", judged from a recording" : ""}`,
    ...(rounds > 1 ? [`judged ${rounds} times`] : []),
    `templates ${code(templates.digest.slice(0, 12))}${templates.changedSince ? ", changed since the machines were provisioned" : ""}`,
    `lab ${code(lab.file)}: ${words(lab.chosen)}`,
  ].join("; ");

const lines = (details: readonly string[]): string =>
  details
    .slice(0, 20)
    .map((line) => `\n- ${code(line, 500)}`)
    .join("");

const looking = (look: string | undefined): string => (look === undefined ? "" : `\n- ${words(look)}`);
