import type { Results } from "../results/schema.ts";
import { html, type Html } from "./markup.ts";
import { duration, moment } from "./wording.ts";

/** Which lab, which run, when and for how long. */
export function masthead({ lab, run, rounds }: Results): Html {
  const took = Date.parse(run.endedAt) - Date.parse(run.startedAt);
  const facts = [
    html`lab <b>${lab.name}</b>`,
    moment(run.startedAt),
    took >= 0 && html`took ${duration(took)}`,
    rounds > 1 && html`judged ${rounds} times`,
    run.replay && html`<b>judged from a recording</b>, without machines`,
  ];
  return html`<header class="masthead">
    <a class="skip" href="#specs">Skip to the specs</a>
    <p class="brand">hardway-e2e</p>
    <ul class="inline">
      ${facts.map((fact) => fact && html`<li>${fact}</li>`)}
    </ul>
  </header>`;
}
