import { html, type Content, type Html } from "./markup.ts";

/** Names with what is said of each; a name of which nothing is said is left out. */
export const terms = (rows: Record<string, Content>): Html => {
  const said = Object.entries(rows).filter(([, content]) => content !== undefined && content !== false);
  return html`<dl class="terms">
    ${said.map(
      ([name, content]) =>
        html`<dt>${name}</dt>
          <dd>${content}</dd>`,
    )}
  </dl>`;
};
