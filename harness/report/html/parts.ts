import type { MachineResult } from "../results/schema.ts";
import { icon } from "./icon.ts";
import { html, type Html } from "./markup.ts";

/** Every program that came with no stock package, machine by machine. */
export const parts = (machines: readonly MachineResult[]): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Programs on the machines">
    <table id="parts">
      <caption>
        Programs on the machines that came with no stock package
      </caption>
      <thead>
        <tr>
          ${["machine", "program", "kind", "version", "origin"].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${machines.flatMap((machine) => rows(machine))}
      </tbody>
    </table>
  </div>`;

const rows = ({ name: machine, parts: own }: MachineResult): Html[] =>
  own.map(
    ({ name, kind, version, origin, sha256 }) =>
      html`<tr>
        <th scope="row">${machine}</th>
        <td>${name}</td>
        <td>${kind === "stand-in" ? html`${icon("warning")} <b>stand-in</b>` : kind}</td>
        <td>${version}</td>
        <td>
          ${origin}
          ${sha256 !== undefined && html`<code title="SHA-256 ${sha256}">${sha256.slice(0, 12)}</code>`}
        </td>
      </tr>`,
  );
