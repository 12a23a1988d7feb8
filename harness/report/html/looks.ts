import type { SpecResult } from "../results/spec.ts";
import { html, type Html } from "./markup.ts";
import { counted, duration } from "./wording.ts";

const percent = (part: number, whole: number): string =>
  `${Math.max(0, Math.min(100, (100 * part) / whole)).toFixed(1)}%`;

/** The looks of a spec over time: drawn, and as text; undefined where it was looked at once and held. */
export function looksOver(spec: SpecResult): Html | undefined {
  const { waits, history } = spec;
  if (history.length === 0 && spec.looks < 2) return undefined;
  return html`<div class="looks">
    ${drawn(spec)}
    <ol>
      ${history.map(
        ({ at, saw, count }) =>
          html`<li>
            <span class="when">at ${duration(at)}</span>
            ${saw}${count > 1 && html` <small>${count} looks in a row</small>`}
          </li>`,
      )}
      ${spec.status === "passed" && html`<li><span class="when">at ${duration(spec.elapsed)}</span> it held</li>`}
    </ol>
    ${waits.map(
      ({ looks, elapsed, budget }) =>
        html`<p class="quiet">
          Waited ${duration(elapsed)} of ${duration(budget)} allowed, ${counted(looks, "look")}
        </p>`,
    )}
  </div>`;
}

/** One wait is drawn against its budget; with several, when each began is not known, and the time that passed is all. */
function drawn({ status, elapsed, waits, history }: SpecResult): Html {
  const [only] = waits;
  const whole = Math.max(elapsed, waits.length === 1 && only !== undefined ? only.budget : 0, 1);
  const ends = [...history.slice(1).map(({ at }) => at), elapsed];
  const spans = history.map(
    ({ at, count }, index) =>
      html`<span
        class="unmet"
        style="--looks:${count};left:${percent(at, whole)};width:${percent((ends[index] ?? at) - at, whole)}"
      ></span>`,
  );
  return html`<div class="track" aria-hidden="true">
      ${spans}<span
        class="end ${status === "passed" ? "held" : "gave-up"}"
        style="left:${percent(elapsed, whole)}"
      ></span>
    </div>
    <div class="scale" aria-hidden="true"><span>0</span><span>${duration(whole)}</span></div>`;
}
