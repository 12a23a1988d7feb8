import { html, type Html } from "./markup.ts";
import type { Mark } from "./status.ts";

const shapes: Record<Mark, Html> = {
  passed: html`<circle cx="8" cy="8" r="7" /><path d="M4.6 8.3l2.3 2.4 4.4-5" />`,
  failed: html`<path class="fill" d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" /><path
      d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6"
    />`,
  unsteady: html`<path class="fill" d="M8 .6L15.4 8 8 15.4.6 8z" /><path d="M4.2 8.6q1.9-3 3.8-.6t3.8-.6" />`,
  unjudged: html`<circle cx="8" cy="8" r="7" class="open" /><path
      class="line"
      d="M5.9 6.2a2.1 2.1 0 1 1 3.2 1.9q-1.1.7-1.1 1.6M8 11.6v.4"
    />`,
  warning: html`<path class="fill" d="M8 1.2l7.2 13.3H.8z" /><path d="M8 6v4M8 12.2v.4" />`,
};

/** The marks' shapes, once in a page; `icon` and drawings use them. */
export const shapesOnce: Html = html`<svg class="shapes" aria-hidden="true" width="0" height="0">
  ${Object.entries(shapes).map(
    ([name, shape]) => html`<symbol id="mark-${name}" viewBox="0 0 16 16">${shape}</symbol>`,
  )}
</svg>`;

/** A mark in a line of text; `label` where no word beside it says the same. */
export const icon = (mark: Mark, label?: string): Html =>
  html`<svg
    class="icon ${mark}"
    ${label === undefined ? html`aria-hidden="true"` : html`role="img" aria-label="${label}"`}
  >
    <use href="#mark-${mark}" />
  </svg>`;
