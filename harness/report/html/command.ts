import type { Results } from "../results/schema.ts";
import type { SpecResult } from "../results/spec.ts";
import { html, type Html } from "./markup.ts";

/** A command to be copied: the page's script puts a button beside it. */
export const command = (text: string): Html => html`<span class="command"><code>${text}</code></span>`;

/** How `--lab` names a lab: one of the project's by its name, another by its file. */
const labArgument = ({ name, file }: Results["lab"]): string =>
  file.endsWith(`labs/${name}.yaml`) ? name : quoted(file);

const quoted = (word: string): string =>
  /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** What leaves this lab up, so that specs can be judged again. */
export const keepCommand = ({ lab }: Results): string => `npm run e2e -- --lab ${labArgument(lab)} --keep`;

/**
 * What judges this one spec again on a lab that is up. The title is a regular expression there and a word of the
 * shell here: whatever is special to either becomes a dot, which matches it and keeps the title readable.
 */
export function againCommand({ lab }: Results, { title }: SpecResult): string {
  const pattern = title.join(" ").replace(/[^\w ,:;=@%-]/g, ".");
  return `npm run lab -- verify --lab ${labArgument(lab)} --grep '^${pattern}$'`;
}
