import { relative } from "node:path";
import { standing } from "../paths.ts";
import { visible } from "../visible.ts";
import { countsOf } from "./counts.ts";
import { areGone, surenessLabel } from "./findings.ts";
import { candidateText, shortPath } from "./results/wording.ts";
import { slower } from "./times.ts";
import { steadinessTable } from "./steadiness.ts";
import type { Cause } from "./results/cause.ts";
import type { Results } from "./results/schema.ts";
import type { SpecResult } from "./results/spec.ts";

/**
 * The end of a run, for a person: what is broken and which setting governs it first, then what else is red or open,
 * then what was a stand-in, then the verdict. What machines have said is shown, and does nothing to the terminal.
 */
export const ending = (results: Results, folder: string): string => visible(endOf(results, folder));

function endOf(results: Results, folder: string): string {
  const { specs, trouble, provision, causes } = results;
  const told = new Set(causes.map(({ specs: [first] }) => first?.join(" › ")));
  const red = specs.filter((spec) => isRed(spec) && !told.has(titleOf(spec)));
  const open = specs.filter(
    ({ status, because, optional }) => status === "not judged" && because === undefined && optional !== true,
  );
  const unasked = specs.filter(({ optional }) => optional === true);
  return [
    ...causes.map((cause) => `\n✗ ${causeText(cause)}`),
    ...red.map((spec) => `\n✗ ${titleOf(spec)}${explained(spec)}`),
    ...grouped(open).map(([first, more]) => `\n? ${titleOf(first)}${more}${explained(first)}`),
    ...(causes.length > 0 ? [] : (provision?.failures ?? [])).map(
      ({ message, details }) => `\n✗ ${message}${indented(details)}`,
    ),
    ...(trouble === undefined
      ? []
      : [`\n✗ ${trouble.message}${indented(trouble.details)}${hinted(trouble.hint)}`]),
    "",
    ...(results.templates.changedSince
      ? ["the templates were changed since the machines were provisioned: npm run lab -- provision"]
      : []),
    ...(areGone(results) && causes.length > 0
      ? ["the machines are gone: machines/ in the report has what they said; with --keep they stay"]
      : []),
    ...unasked.map((spec) => `not asked: ${titleOf(spec)}: ${spec.error?.message ?? ""}`),
    ...(results.rounds > 1 ? [steadinessTable(results), ""] : []),
    ...slower(results),
    standIns(results),
    ...howHad(results),
    sentence(results),
    `report: ${relative(standing(), folder) || folder}`,
  ].join("\n");
}

/** Specs that were not judged for the same reason: the first of them, and how many more there are. */
function grouped(specs: readonly SpecResult[]): [first: SpecResult, more: string][] {
  const groups = new Map<string, SpecResult[]>();
  for (const spec of specs) {
    const why = spec.error?.message ?? "";
    groups.set(why, [...(groups.get(why) ?? []), spec]);
  }
  return [...groups.values()].flatMap(([first, ...rest]): [SpecResult, string][] =>
    first === undefined ? [] : [[first, rest.length === 0 ? "" : ` and ${rest.length} more`]],
  );
}

const isRed = ({ status }: SpecResult): boolean => status === "failed" || status === "unsteady";

const titleOf = ({ title }: SpecResult): string => title.join(" › ");

function causeText({ message, machines, also, since, log, look, symptoms, ...blamed }: Cause): string {
  const [, ...rest] = machines;
  const line = (name: string, text: string) => `${name.padEnd(8)} ${text}`;
  return [
    message,
    ...blameLines(blamed),
    ...(rest.length === 0 ? [] : [line("also on", rest.join(", "))]),
    ...(also.length === 0 ? [] : [line("also", also.join(", "))]),
    ...(since === undefined ? [] : [line("since", `${since.slice(0, 19).replace("T", " ")} UTC`)]),
    ...(log === undefined ? [] : [line("log", `${log.machine} ${log.unit}: "${log.line}"`)]),
    ...(look === undefined ? [] : [line("look", look)]),
    ...(symptoms === 0 ? [] : [line("so", `${symptoms} specs were not judged because of it`)]),
  ].join("\n    ");
}

/** Which settings are behind a cause: one line for each, the first with how sure that is. */
function blameLines({
  sureness,
  candidates,
  files,
}: Pick<Cause, "sureness" | "candidates" | "files">): string[] {
  const label = surenessLabel[sureness].padEnd(8);
  const said =
    sureness === "none"
      ? ["no setting of these templates explains it"]
      : sureness === "files"
        ? [`${files.map(shortPath).join(", ")}: nothing points at one line`]
        : candidates.map(candidateText);
  return said.map(
    (text, at) => `${at > 0 ? "".padEnd(8) : sureness === "none" ? "set by".padEnd(8) : label} ${text}`,
  );
}

const explained = ({ error, looks, elapsed, status, rounds }: SpecResult): string => {
  const steadiness =
    status === "unsteady" ? `\n    unsteady: ${(rounds ?? []).map((round) => round.status).join(", ")}` : "";
  return error === undefined
    ? steadiness || ` (${looks} looks in ${(elapsed / 1000).toFixed(1)} s)`
    : `${steadiness}\n    ${error.message.replaceAll("\n", "\n    ")}${indented(error.details)}${hinted(error.hint)}`;
};

const indented = (lines: string[]): string =>
  lines
    .flatMap((line) => line.split("\n"))
    .map((line) => `\n      ${line}`)
    .join("");

const hinted = (hint: string | undefined): string => (hint === undefined ? "" : `\n      look     ${hint}`);

/** Which programs and images were not the real ones, from what the machines themselves say of their packages. */
function standIns({ machines, images, lab }: Results): string {
  const parts = machines.flatMap((machine) => machine.parts);
  const names = [...new Set(parts.filter(({ kind }) => kind === "stand-in").map(({ name }) => name))].sort();
  if (!machines.some(({ system }) => system !== undefined)) return `lab ${lab.name}: ${lab.summary}`;
  const ours = images.filter(({ kind }) => kind === "ours").map(({ name }) => name);
  const built = ours.length === 0 ? "" : `; images of ours: ${ours.join(", ")}`;
  return names.length === 0
    ? `no stand-ins: every program on the machines was the real one${built}`
    : `stand-ins: ${names.join(", ")}${built}`;
}

/** How real programs of no Debian package were had, those that were had alike in one line. */
function howHad({ machines }: Results): string[] {
  const names = new Map<string, Set<string>>();
  for (const { name, origin } of machines.flatMap(({ parts }) => parts)) {
    const how = /^(released|built .*?(?=;|$))/.exec(origin)?.[0];
    if (how !== undefined) names.set(how, (names.get(how) ?? new Set()).add(name));
  }
  return [...names].map(([how, programs]) => `${how}: ${[...programs].sort().join(", ")}`);
}

function sentence({ verdict, specs, machines, exitCode, rounds }: Results): string {
  const counts = countsOf(specs);
  if (exitCode === 4) return `a bug in hardway-e2e stopped the run; specs: ${counts}`;
  const words = {
    works: "the cluster works",
    unsteady: "the cluster is unsteady: what failed passed without a change",
    broken: "the cluster is broken",
    "not judged": "not judged",
  }[verdict];
  const times = rounds === 1 ? "" : `, judged ${rounds} times`;
  return `${words}: ${specs.length} specs on ${machines.length} machines${times}, ${counts}`;
}
