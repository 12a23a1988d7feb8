import type { Results } from "../results/schema.ts";
import { icon } from "./icon.ts";
import { html, type Html } from "./markup.ts";

/** What must be known before the verdict is relied on. */
export const warnings = ({ templates }: Results): Html | undefined =>
  templates.changedSince
    ? html`<p class="caution">
        ${icon("warning")} <b>The templates have changed</b> since the machines were provisioned: this verdict
        is on what they were then, not on what <code>${templates.folder}</code> says now.
      </p>`
    : undefined;
