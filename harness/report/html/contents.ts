import { html, type Html } from "./markup.ts";

/** Links to what a page has. */
export const contents = (entries: readonly (readonly [anchor: string, name: string])[]): Html =>
  html`<nav aria-label="Contents">
    <ul>
      ${entries.map(([anchor, name]) => html`<li><a href="#${anchor}">${name}</a></li>`)}
    </ul>
  </nav>`;
