import type { Results } from "../results/schema.ts";
import type { SpecResult } from "../results/spec.ts";
import { icon } from "./icon.ts";
import { html, type Html } from "./markup.ts";
import { headline, meaning, verdictMarks } from "./meaning.ts";
import { marks, statuses } from "./status.ts";
import { counted } from "./wording.ts";

/** The verdict: the first thing that is seen. */
export function verdict(results: Results): Html {
  const mark = verdictMarks[results.verdict];
  return html`<section class="verdict ${mark}" aria-labelledby="verdict">
    <h1 id="verdict">${icon(mark)} ${headline(results)}</h1>
    <p>${meaning(results)}</p>
    ${results.specs.length > 0 && proportions(results.specs, results.machines.length)}
  </section>`;
}

function proportions(specs: readonly SpecResult[], machines: number): Html {
  const counts = statuses
    .map((status) => ({ status, count: specs.filter((spec) => spec.status === status).length }))
    .filter(({ count }) => count > 0);
  return html`<div class="proportions" aria-hidden="true">
      ${counts.map(({ status, count }) => html`<span class="${marks[status]}" style="flex:${count}"></span>`)}
    </div>
    <ul class="inline counts">
      ${counts.map(({ status, count }) => html`<li>${icon(marks[status])} <b>${count}</b> ${status}</li>`)}
      <li class="of">of ${counted(specs.length, "spec")} on ${counted(machines, "machine")}</li>
    </ul>`;
}
