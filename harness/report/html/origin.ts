import type { Results } from "../results/schema.ts";
import { icon } from "./icon.ts";
import { html, type Html } from "./markup.ts";
import { listed } from "./wording.ts";

/** The programs of ours that stood in for real ones, each once. */
export const standIns = ({ machines }: Results): string[] => [
  ...new Set(
    machines
      .flatMap(({ parts }) => parts)
      .filter(({ kind }) => kind === "stand-in")
      .map(({ name }) => name),
  ),
];

/** What was the real thing and what was not: close to the verdict, which must not be read without it. */
export function origin(results: Results): Html {
  const { machines, images } = results;
  const stood = standIns(results).sort();
  const unseen = machines.filter(({ system }) => system === undefined).map(({ name }) => name);
  const ours = images.filter(({ kind }) => kind === "ours").map(({ name }) => name);
  return html`<section class="origin ${stood.length > 0 && "caution"}" aria-label="What was real">
    ${programs(stood, unseen.length < machines.length)}
    ${unseen.length > 0 && unknown(unseen, machines.length)}
    ${ours.length > 0 && html`<p>Images of ours, not the published ones: ${listed(ours)}.</p>`}
  </section>`;
}

function programs(stood: readonly string[], looked: boolean): Html | undefined {
  if (stood.length > 0)
    return html`<p>
      ${icon("warning")} <b>Stand-ins, programs of ours in the place of the real ones:</b> ${listed(stood)}.
      <a href="#parts">What ran where</a>
    </p>`;
  return looked
    ? html`<p><b>No stand-ins</b>: every program that was looked at was the real one.</p>`
    : undefined;
}

/** Never "no stand-ins" where nobody looked. */
function unknown(unseen: readonly string[], of: number): Html {
  const who =
    unseen.length === of ? "No machine was" : `${listed(unseen)} ${unseen.length === 1 ? "was" : "were"} not`;
  return html`<p>${who} looked at: what ran there is not known.</p>`;
}
