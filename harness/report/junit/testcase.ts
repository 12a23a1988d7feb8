import { basename } from "node:path";
import { causeOf, placeOf, reasonOf, surenessLabel } from "../findings.ts";
import { clipped, counted, inSeconds, onOneLine } from "../plain.ts";
import type { Results } from "../results/schema.ts";
import type { SpecResult } from "../results/spec.ts";
import { element, type Element } from "./xml.ts";

/** Seconds, as every reader of JUnit takes a time. */
export const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** A spec as a testcase. Its file is said by its suite: the schema gives a testcase no such attribute. */
export const testcase = (results: Results, spec: SpecResult): Element =>
  element("testcase", { classname: classOf(spec), name: nameOf(spec), time: seconds(spec.elapsed) }, [
    ...outcome(results, spec),
    element("system-out", {}, effort(spec)),
  ]);

const nameOf = ({ title }: SpecResult): string => onOneLine(title.at(-1) ?? "") || "(no title)";

/**
 * "3-ports.ports › worker1": readers take what is before the last dot for a package and what is after it for a
 * class, so no other dot may come after it.
 */
function classOf({ file, title }: SpecResult): string {
  const place = onOneLine(title.slice(0, -1).join(" › ")).replaceAll(".", "_");
  return [basename(file, ".spec.ts").replaceAll(".", "_"), place].filter((part) => part !== "").join(".");
}

/** GitLab shows an element's text alone and others its message alone, so that either must do. */
function outcome(results: Results, spec: SpecResult): Element[] {
  if (spec.status === "passed") return [];
  if (spec.status === "not judged") {
    const message = `not judged because ${onOneLine(reasonOf(spec))}`;
    const details = [...(spec.error?.details ?? []), ...hint(spec.error?.hint)];
    return [element("skipped", { message: clipped(message, 1000) }, [message, ...details].join("\n"))];
  }
  const message = messageOf(spec);
  const text = [message, ...judgings(spec), ...explanation(results, spec)].join("\n");
  return [element("failure", { message: clipped(onOneLine(message), 1000), type: spec.status }, text)];
}

function messageOf({ status, rounds = [], error, lastSeen }: SpecResult): string {
  const said = error?.message ?? lastSeen ?? "nothing is known of why";
  if (status !== "unsteady") return said;
  const passed = rounds.filter((round) => round.status === "passed").length;
  return `unsteady, passed in ${passed} of ${counted(rounds.length, "judging")}: ${said}`;
}

const judgings = ({ rounds = [] }: SpecResult): string[] =>
  rounds.map(
    ({ status, looks, elapsed, saw }, index) =>
      `judging ${index + 1}  ${status} (${counted(looks, "look")} in ${inSeconds(elapsed)})${saw === undefined ? "" : `, saw ${clipped(saw, 300)}`}`,
  );

/** What the terminal says of a failure, and what the cause adds to it; nothing is said twice. */
function explanation(results: Results, spec: SpecResult): string[] {
  const cause = causeOf(results, spec);
  const settings = spec.error?.settings ?? [];
  const [setting] = settings.length > 0 ? settings : (cause?.candidates ?? []);
  return [
    ...new Set([
      ...(cause === undefined ? [] : [`cause    ${cause.sentence}`]),
      ...(cause?.since === undefined ? [] : [`since    ${cause.since}`]),
      ...(cause?.log === undefined
        ? []
        : [`log      ${cause.log.machine} ${cause.log.unit}: ${cause.log.line}`]),
      ...(spec.error?.details ?? []),
      ...(setting === undefined
        ? []
        : [
            `${(cause === undefined ? "set by" : surenessLabel[cause.sureness]).padEnd(8)} ${placeOf(setting)}`,
          ]),
      ...(setting?.value === undefined ? [] : [`value    ${setting.value}`]),
      ...settings.slice(1).map((other) => `         ${placeOf(other)}`),
      ...hint(spec.error?.hint ?? cause?.look),
    ]),
  ];
}

const hint = (look: string | undefined): string[] => (look === undefined ? [] : [`look     ${look}`]);

/** How hard it was looked for, and what was seen meanwhile. */
const effort = ({ looks, elapsed, waits, history }: SpecResult): string =>
  [
    `${counted(looks, "look")} in ${inSeconds(elapsed)}`,
    ...waits.map(
      (wait) =>
        `waited   ${counted(wait.looks, "look")} in ${inSeconds(wait.elapsed)} of ${inSeconds(wait.budget)}`,
    ),
    ...history.map(
      ({ at, saw, count }) =>
        `${inSeconds(at).padEnd(8)} ${clipped(onOneLine(saw), 500)}${count === 1 ? "" : ` (${count} times)`}`,
    ),
  ].join("\n");
