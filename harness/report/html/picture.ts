import type { Picture } from "../results/picture.ts";
import type { Results } from "../results/schema.ts";
import { drawing } from "./drawing.ts";
import { narrow, wide } from "./grid.ts";
import { icon } from "./icon.ts";
import { html, type Html } from "./markup.ts";

/** The lab drawn from what was observed, what was not reached in words, and all of it as tables. */
export function picture({ picture: seen, causes }: Results): Html | undefined {
  if (seen === undefined || seen.machines.length === 0) return undefined;
  const broken = new Set(causes.flatMap(({ machines }) => machines));
  const lost = seen.reach.filter(({ reached }) => !reached);
  return html`<section aria-labelledby="picture">
    <h2 id="picture">The lab as it was observed</h2>
    <figure class="scroll" tabindex="0" role="group" aria-label="Drawing of the lab">
      ${[wide, narrow].map((scale) => drawing(seen, broken, scale))}
    </figure>
    ${
      lost.length > 0 &&
      html`<ul class="reasons">
        ${lost.map(
          ({ from, to, by, target, saw }) =>
            html`<li>
              ${icon("failed")} ${from} did not reach ${to} by ${by} at ${target}:
              <span class="quiet">${saw}</span>
            </li>`,
        )}
      </ul>`
    }
    <details>
      <summary>The same as tables</summary>
      ${machineTable(seen)} ${reachTable(seen)}
    </details>
  </section>`;
}

const machineTable = ({ machines, network, overlay }: Picture): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Machines">
    <table>
      <caption>
        Machines on ${network}; overlay ${overlay.network}, ${overlay.backend}, VNI ${overlay.vni}
      </caption>
      <thead>
        <tr>
          ${["machine", "role", "address", "leased subnet", "docker0", "node"].map(
            (name) => html`<th scope="col">${name}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${machines.map(
          ({ name, role, address, subnet, docker0, node }) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${[role, address, subnet ?? "–", docker0 ?? "–", node ?? "–"].map((text) => html`<td>${text}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

const reachTable = ({ reach }: Picture): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Who reached whom">
    <table>
      <caption>
        Who reached whom
      </caption>
      <thead>
        <tr>
          ${["from", "to", "by", "target", "reached", "saw"].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${reach.map(
          ({ from, to, by, target, reached, saw }) =>
            html`<tr>
              <th scope="row">${from}</th>
              <td>${to}</td>
              <td>${by}</td>
              <td>${target}</td>
              <td>${icon(reached ? "passed" : "failed")} ${reached ? "yes" : "no"}</td>
              <td>${saw}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
