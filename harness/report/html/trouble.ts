import type { Results } from "../results/schema.ts";
import { command } from "./command.ts";
import { icon } from "./icon.ts";
import { html, printed, type Html } from "./markup.ts";
import { terms } from "./terms.ts";
import { listed } from "./wording.ts";

type Trouble = NonNullable<Results["trouble"]>;
type Failure = NonNullable<Results["provision"]>["failures"][number];

/** What stopped the run before all specs were judged. */
export const trouble = ({ kind, message, details, hint }: Trouble): Html =>
  html`<section aria-labelledby="trouble">
    <h2 id="trouble">What stopped the run</h2>
    <article class="card unjudged">
      <h3>${icon("unjudged")} ${message}</h3>
      ${terms({
        Kind: kind,
        Details: details.length > 0 && printed(details.join("\n")),
        Look: hint !== undefined && command(hint),
      })}
    </article>
  </section>`;

/** The machines whose plan could not be carried out. */
export const failures = (all: readonly Failure[]): Html =>
  html`<section aria-labelledby="failures">
    <h2 id="failures">What would not come up</h2>
    ${all.map(
      ({ message, details, hint, unit, unreached }) =>
        html`<article class="card failed">
          <h3>${icon("failed")} ${message}</h3>
          ${terms({
            Unit: unit,
            Details: details.length > 0 && printed(details.join("\n")),
            "Not reached": unreached.length > 0 && listed(unreached),
            Look: hint !== undefined && command(hint),
          })}
        </article>`,
    )}
  </section>`;
