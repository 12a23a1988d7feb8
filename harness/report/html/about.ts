import type { Results } from "../results/schema.ts";
import { html, type Html } from "./markup.ts";
import { parts } from "./parts.ts";
import { terms } from "./terms.ts";
import { moment } from "./wording.ts";

/** What the run was of and with: enough to tell whether two reports speak of the same. */
export function about({ lab, run, templates, tools, machines, images }: Results): Html {
  return html`<section aria-labelledby="about">
    <h2 id="about">This run</h2>
    ${terms({
      Lab: html`${lab.name}: ${lab.summary} <small><code>${lab.file}</code></small>`,
      "Why this lab": lab.chosen,
      Machines: html`${lab.driver}${systems(machines)}`,
      Run: html`<code>${run.id}</code> <small>${run.label}</small>`,
      Began: moment(run.startedAt),
      Ended: moment(run.endedAt),
      Templates: html`<code>${templates.folder}</code>
        <small>SHA-256 <code class="sum">${templates.digest}</code></small>`,
      Tools: html`<ul class="inline">
        ${Object.entries(tools).map(([name, version]) => html`<li>${name} ${version}</li>`)}
      </ul>`,
      Images: images.length > 0 && imageList(images),
    })}
    ${machines.some(({ parts: own }) => own.length > 0) && parts(machines)}
  </section>`;
}

const systems = (machines: Results["machines"]): Html =>
  html`<ul>
    ${machines.map(
      ({ name, role, address, system }) =>
        html`<li>
          ${name} <small>${role}, ${address}${system && html`, ${system.os}, Linux ${system.kernel}`}</small>
        </li>`,
    )}
  </ul>`;

const imageList = (images: Results["images"]): Html =>
  html`<ul>
    ${images.map(
      ({ name, kind }) =>
        html`<li><code>${name}</code> ${kind === "ours" ? html`<b>ours</b>` : "as its registry has it"}</li>`,
    )}
  </ul>`;
