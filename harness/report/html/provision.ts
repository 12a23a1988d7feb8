import type { Results } from "../results/schema.ts";
import { html, type Html } from "./markup.ts";
import { counted } from "./wording.ts";

type Change = NonNullable<Results["provision"]>["machines"][string][number];

/** What provisioning changed, machine by machine. */
export const provision = ({ provision: done, run }: Results): Html | undefined =>
  done &&
  html`<section aria-labelledby="provision">
    <h2 id="provision">Provisioning</h2>
    <p>
      ${done.changed === 0 ? "Nothing had to be changed" : counted(done.changed, "change")}
      <span class="quiet">(the lab's revision is ${run.revision})</span>
    </p>
    ${Object.entries(done.machines).map(
      ([machine, changes]) =>
        html`<details>
          <summary>
            <h3>${machine}</h3>
            <span class="effort">${counted(changes.length, "change")}</span>
          </summary>
          ${list(changes)}
        </details>`,
    )}
  </section>`;

const list = (changes: readonly Change[]): Html =>
  html`<ul>
    ${changes.map(({ kind, what }) => html`<li><span class="quiet">${kind}</span> <code>${what}</code></li>`)}
  </ul>`;
