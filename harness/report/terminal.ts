import { relative } from "node:path";
import type { SpecResult } from "../judge/result.ts";
import type { Results } from "./results.ts";

/** The end of a run, for a person: what is red first, then what was a stand-in, then the verdict. */
export function ending(results: Results, folder: string): string {
  const { specs, trouble, provision } = results;
  const red = specs.filter(({ status }) => status === "failed");
  const open = specs.filter(({ status }) => status === "not judged");
  return [
    ...(provision?.failures ?? []).map(
      (failure) => `\n✗ ${failure.machine}: ${failure.message}${indented(failure.details)}`,
    ),
    ...red.map((spec) => `\n✗ ${titleOf(spec)}${explained(spec)}`),
    ...open.map((spec) => `\n? ${titleOf(spec)}${explained(spec)}`),
    ...(trouble === undefined
      ? []
      : [`\n✗ ${trouble.message}${indented(trouble.details)}${hinted(trouble.hint)}`]),
    "",
    standIns(results),
    sentence(results),
    `report: ${relative(process.cwd(), folder) || folder}`,
  ].join("\n");
}

const titleOf = ({ title }: SpecResult): string => title.join(" › ");

const explained = ({ error, looks, elapsed }: SpecResult): string =>
  error === undefined
    ? ` (${looks} looks in ${(elapsed / 1000).toFixed(1)} s)`
    : `\n    ${error.message.replaceAll("\n", "\n    ")}${indented(error.details)}${hinted(error.hint)}`;

const indented = (lines: string[]): string =>
  lines
    .flatMap((line) => line.split("\n"))
    .map((line) => `\n      ${line}`)
    .join("");

const hinted = (hint: string | undefined): string => (hint === undefined ? "" : `\n      look     ${hint}`);

/** Which programs were not the real ones, from what the machines themselves say of their packages. */
function standIns({ machines, lab }: Results): string {
  const parts = machines.flatMap((machine) => machine.parts);
  const names = [...new Set(parts.filter(({ kind }) => kind === "stand-in").map(({ name }) => name))].sort();
  if (!machines.some(({ system }) => system !== undefined)) return `lab ${lab.name}: ${lab.summary}`;
  if (names.length === 0) return "no stand-ins: every program on the machines was the real one";
  return `stand-ins: ${names.join(", ")}`;
}

function sentence({ verdict, specs, machines, exitCode }: Results): string {
  const count = (status: SpecResult["status"]) => specs.filter((spec) => spec.status === status).length;
  const counts = `${count("passed")} passed, ${count("failed")} failed, ${count("not judged")} not judged`;
  if (exitCode === 4) return `a bug in hardway-e2e stopped the run; specs: ${counts}`;
  const words = { works: "the cluster works", broken: "the cluster is broken", "not judged": "not judged" }[
    verdict
  ];
  return `${words}: ${specs.length} specs on ${machines.length} machines, ${counts}`;
}
