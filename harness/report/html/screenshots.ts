import type { Results } from "../results/schema.ts";
import { html, type Html } from "./markup.ts";

/** What a browser saw. */
export const screenshots = ({ screenshots: all }: Results): Html | undefined =>
  all.length === 0
    ? undefined
    : html`<section aria-labelledby="screenshots">
        <h2 id="screenshots">Seen in a browser</h2>
        <div class="shots">
          ${all.map(
            ({ title, machine, url, png }) =>
              html`<figure>
                <img src="data:image/png;base64,${png}" alt="${title}, through ${machine}" loading="lazy" />
                <figcaption>
                  ${title} <small>${machine}, <code>${url}</code></small>
                </figcaption>
              </figure>`,
          )}
        </div>
      </section>`;
