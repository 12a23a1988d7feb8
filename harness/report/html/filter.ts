import type { Results } from "../results/schema.ts";
import { icon } from "./icon.ts";
import { html, type Html } from "./markup.ts";
import { marks, statuses } from "./status.ts";

/** What the specs are filtered with. It is of no use without the page's script, which shows it. */
export function filter({ specs }: Results, machines: readonly (string | undefined)[]): Html {
  const present = statuses.filter((status) => specs.some((spec) => spec.status === status));
  const choice = (value: string, label: Html | string, count: number) =>
    html`<label
      ><input type="radio" name="status" value="${value}" ${value === "" && "checked"} /><span
        >${label} <small>${count}</small></span
      ></label
    >`;
  return html`<form id="filter" role="search" aria-label="Specs" hidden>
    <fieldset>
      <legend>Status</legend>
      ${choice("", "all", specs.length)}
      ${present.map((status) =>
        choice(
          status,
          html`${icon(marks[status])} ${status}`,
          specs.filter((spec) => spec.status === status).length,
        ),
      )}
    </fieldset>
    <label
      >Machine
      <select name="machine">
        <option value="*">all</option>
        ${machines.map((machine) => html`<option value="${machine ?? ""}">${machine ?? "the lab"}</option>`)}
      </select></label
    >
    <label>Text <input type="search" name="text" autocomplete="off" spellcheck="false" /></label>
    <button type="reset">Clear</button>
    <output name="shown" aria-live="polite"></output>
  </form>`;
}
