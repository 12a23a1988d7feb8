import type { Setting } from "../results/spec.ts";
import { html, type Html } from "./markup.ts";

/** A setting: where it is written, what it is called, and what it came to on the machine. */
export const setting = ({ file, line, name, value, machine, path }: Setting): Html => {
  const place = [machine && `for ${machine}`, path && `as ${path}`].filter(Boolean).join(", ");
  return html`<code>${file}${line !== undefined && `:${line}`}</code>
    <b>${name}</b> ${value !== undefined && html`<span class="rendered"><code>${value}</code></span>`}
    ${value !== undefined && place !== "" && html`<small>rendered ${place}</small>`}`;
};

/** What else may govern something. */
export const settingList = (settings: readonly Setting[]): Html =>
  html`<ul class="settings">
    ${settings.map((one) => html`<li>${setting(one)}</li>`)}
  </ul>`;
