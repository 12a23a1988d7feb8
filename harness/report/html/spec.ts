import type { Results } from "../results/schema.ts";
import type { SpecResult } from "../results/spec.ts";
import type { Anchors, Placed } from "./anchors.ts";
import { againCommand, command } from "./command.ts";
import { icon } from "./icon.ts";
import { looksOver } from "./looks.ts";
import { html, joined, printed, type Content, type Html } from "./markup.ts";
import { roundTable, strip } from "./rounds.ts";
import { settingList } from "./setting.ts";
import { marks } from "./status.ts";
import { terms } from "./terms.ts";
import { duration, expectation } from "./wording.ts";

/** The title as it is read in its machine's and its file's group, which say the rest of it. */
const shortTitle = ({ title, machine }: SpecResult): string =>
  title
    .slice(title.length > 1 ? 1 : 0)
    .filter((part) => part !== machine)
    .join(" › ");

/** A spec: one line, which opens to all that is known of it. */
export function specItem({ spec, anchor }: Placed, results: Results, anchors: Anchors): Html {
  const { status, machine, error } = spec;
  return html`<li class="spec" data-status="${status}" data-machine="${machine ?? ""}">
    <details id="${anchor}">
      <summary>
        ${icon(marks[status], status)}
        <span class="title">${shortTitle(spec)}</span>
        ${strip(spec)}
        <span class="effort">${effort(spec)}</span>
        ${status !== "passed" && error !== undefined && html`<span class="said">${error.message}</span>`}
      </summary>
      ${body(spec, results, anchors)}
    </details>
  </li>`;
}

const effort = ({ looks, elapsed, because }: SpecResult): string =>
  because === undefined
    ? `${looks > 1 ? `${looks} looks, ` : ""}${duration(elapsed)}`
    : `because of ${because.link}`;

function body(spec: SpecResult, results: Results, anchors: Anchors): Html {
  const { error, rounds } = spec;
  return terms({
    ...outcome(spec),
    Because: spec.because && because(spec.because, anchors),
    Details: error && details(error),
    "Set by": error !== undefined && error.settings.length > 0 && settingList(error.settings),
    "Over time": looksOver(spec),
    Rounds: rounds !== undefined && rounds.length > 1 && roundTable(rounds),
    Evidence: evidence(spec, results, anchors),
    Look: error?.hint !== undefined && command(error.hint),
    Again: command(againCommand(results, spec)),
    From: html`<code>${spec.file}</code>`,
  });
}

/** What was expected and seen; for one that holds, what was seen before it did. */
function outcome({ status, error, lastSeen }: SpecResult): Record<string, Content> {
  if (error === undefined) return { [status === "passed" ? "Seen before" : "Saw"]: lastSeen };
  const said = expectation(error.message);
  return said === undefined
    ? { Saw: error.message }
    : { Expected: html`${said.expected} <small>${said.about}</small>`, Saw: said.saw };
}

const because = ({ link, spec, sentence }: NonNullable<SpecResult["because"]>, anchors: Anchors): Html =>
  html`${anchors.toCause(link, sentence)}${spec && html` <small>as told by ${anchors.toSpec(spec)}</small>`}`;

/** The details but for the places that the settings say with what they came to. */
function details({ details: lines, settings }: NonNullable<SpecResult["error"]>): Content {
  const rest = lines.filter((line) => !settings.some(({ file, line: at }) => line.includes(`${file}:${at}`)));
  return rest.length > 0 && printed(rest.join("\n"));
}

/** The facts it rests on: each by its name, and where the same was asked again, by a number. */
function evidence({ evidence: indexes }: SpecResult, { facts }: Results, anchors: Anchors): Content {
  const named = new Map<string, Content[]>();
  for (const index of new Set(indexes)) {
    const fact = facts[index];
    if (fact === undefined) continue;
    const name = `${fact.machine} ${fact.fact}`;
    const earlier = named.get(name) ?? [];
    const again = html`<a href="#fact-${index}" aria-label="${name}, ${earlier.length + 1}"
      >${earlier.length + 1}</a
    >`;
    named.set(name, [...earlier, earlier.length === 0 ? anchors.toFact(index) : again]);
  }
  return (
    named.size > 0 &&
    joined(
      [...named.values()].map((links) => joined(links, " ")),
      ", ",
    )
  );
}
