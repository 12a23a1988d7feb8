import { titleOf } from "../findings.ts";
import { clipped, onOneLine, plain } from "../plain.ts";
import type { Cause } from "../results/cause.ts";
import type { Results } from "../results/schema.ts";
import type { Setting, SpecResult } from "../results/spec.ts";

/**
 * A line for each cause that GitHub shows in the change at the template's line that governs it, and one for what
 * stopped the run. An error makes a change look red; a spec that does not pass every time makes it a warning.
 */
export function annotations(results: Results): string[] {
  const { causes, specs, trouble, lab } = results;
  const unsteady = specs.filter(({ status }) => status === "unsteady");
  const isUnsteady = (title: readonly string[]) =>
    unsteady.some((spec) => titleOf(spec.title) === titleOf(title));
  const told = new Set(causes.flatMap((cause) => cause.specs.map(titleOf)));
  return [
    ...causes.map((cause) =>
      cause.specs.length > 0 && cause.specs.every(isUnsteady)
        ? ofCause("warning", cause)
        : ofCause("error", cause),
    ),
    ...(trouble === undefined
      ? []
      : [command("error", undefined, `${lab.name}: ${trouble.kind}`, [trouble.message, ...trouble.details])]),
    ...unsteady.filter(({ title }) => !told.has(titleOf(title))).map(ofUnsteady),
  ];
}

/** Only a setting that is known to be behind it is annotated at its line; candidates are told in words. */
function ofCause(level: Level, { sureness, candidates, link, sentence, since, log, look }: Cause): string {
  const [first] = candidates;
  const setting = sureness === "set by" || sureness === "proved" ? first : undefined;
  return command(level, setting, `${link}${setting === undefined ? "" : `: ${setting.name}`}`, [
    sentence,
    ...(since === undefined ? [] : [`since ${since}`]),
    ...(log === undefined ? [] : [`${log.machine} ${log.unit}: ${log.line}`]),
    ...(look === undefined ? [] : [look]),
  ]);
}

const ofUnsteady = ({ title, rounds = [], error }: SpecResult): string =>
  command("warning", error?.settings[0], `unsteady: ${titleOf(title)}`, [
    rounds.map(({ status }) => status).join(", ") || "did not pass every time",
    ...(error === undefined ? [] : [error.message]),
  ]);

type Level = "error" | "warning";

/** A command to the runner that reads a job's output: one line, whatever is in it. */
function command(level: Level, at: Setting | undefined, title: string, message: string[]): string {
  const properties = {
    ...(at === undefined
      ? {}
      : { file: at.file, ...(at.line === undefined ? {} : { line: String(at.line) }) }),
    title: clipped(onOneLine(title), 250),
  };
  const named = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
  return `::${level} ${named.join(",")}::${data(clipped(message.join("\n"), 4000))}`;
}

const data = (text: string): string =>
  plain(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
