import type { Results } from "../results/schema.ts";
import type { SpecResult } from "../results/spec.ts";
import type { Anchors } from "./anchors.ts";
import { icon } from "./icon.ts";
import { html, type Html } from "./markup.ts";
import { spreadOf, strip } from "./rounds.ts";
import { marks } from "./status.ts";
import { counted } from "./wording.ts";

/** What is not green and is told by no cause: nothing that decided the verdict may be looked for further down. */
export function unexplained({ specs, causes, trouble }: Results, anchors: Anchors): Html | undefined {
  const explained = new Set(causes.flatMap((cause) => cause.specs).map((title) => JSON.stringify(title)));
  const open = (spec: SpecResult) => !explained.has(JSON.stringify(spec.title));
  const unsteady = specs.filter((spec) => spec.status === "unsteady" && open(spec));
  const failed = specs.filter((spec) => spec.status === "failed" && open(spec));
  const unjudged = specs.filter(({ status, because }) => status === "not judged" && because === undefined);
  const parts = [
    unsteady.length > 0 && list("Unsteady", unsteady, anchors),
    failed.length > 0 && list(causes.length > 0 ? "Failed besides" : "Failed", failed, anchors),
    unjudged.length > 0 && trouble === undefined && reasons(unjudged),
  ].filter((part) => part !== false);
  return parts.length === 0
    ? undefined
    : html`<section aria-label="Specs that no cause explains">${parts}</section>`;
}

const list = (words: string, specs: readonly SpecResult[], anchors: Anchors): Html =>
  html`<h2>${words}</h2>
    <ul class="reasons">
      ${specs.map(
        (spec) =>
          html`<li>
            ${icon(marks[spec.status])} ${anchors.toSpec(spec.title)} ${strip(spec)}
            ${saw(spec) !== undefined && html`<span class="quiet">${saw(spec)}</span>`}
            ${spec.rounds && html`<span class="quiet">${spreadOf(spec.rounds)}</span>`}
          </li>`,
      )}
    </ul>`;

const saw = ({ error, lastSeen }: SpecResult): string | undefined => error?.message ?? lastSeen;

/** Many specs are not judged for one reason: each reason once, with how many it took. */
function reasons(specs: readonly SpecResult[]): Html {
  const counts = new Map<string, number>();
  for (const spec of specs) {
    const reason = saw(spec) ?? "no reason is known";
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return html`<h2>Why specs were not judged</h2>
    <ul class="reasons">
      ${[...counts].map(
        ([reason, count]) =>
          html`<li>${icon("unjudged")} ${reason} <span class="quiet">${counted(count, "spec")}</span></li>`,
      )}
    </ul>`;
}
