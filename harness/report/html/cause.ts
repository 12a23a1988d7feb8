import { areGone } from "../findings.ts";
import type { Cause } from "../results/cause.ts";
import type { Results } from "../results/schema.ts";
import type { Anchors } from "./anchors.ts";
import { command, keepCommand } from "./command.ts";
import { icon } from "./icon.ts";
import { html, type Html } from "./markup.ts";
import { setting, settingList } from "./setting.ts";
import { terms } from "./terms.ts";
import { counted, expectation, listed, moment } from "./wording.ts";

/** The broken links that no other explains, the first one first. */
export const causes = (all: readonly Cause[], anchors: Anchors, results: Results): Html =>
  html`<section aria-labelledby="causes">
    <h2 id="causes">${all.length === 1 ? "The cause" : `${all.length} causes`}</h2>
    ${all.map((cause, index) => one(cause, index, anchors))}
    ${
      areGone(results) &&
      html`<p>
        The machines are gone: <code>machines/</code> beside this page has what they said, and
        <code>${keepCommand(results)}</code> leaves them up.
      </p>`
    }
  </section>`;

function one(cause: Cause, index: number, anchors: Anchors): Html {
  const { message, log, look, candidates } = cause;
  const said = expectation(message);
  return html`<article class="card failed" id="cause-${index}" aria-labelledby="cause-${index}-is">
    <h3 id="cause-${index}-is">${icon("failed")} ${message}</h3>
    ${terms({
      Expected: said && html`${said.expected} <small>${said.about}</small>`,
      Saw: said ? said.saw : message,
      Since: cause.since !== undefined && moment(cause.since),
      Where: cause.machines.length > 0 && `${listed(cause.machines)} (${cause.link})`,
      Log: log && html`<code class="log">${log.line}</code> <small>${log.unit} on ${log.machine}</small>`,
      "Set by": blamed(cause),
      Evidence: candidates.length > 0 && evidence(candidates),
      Look: look !== undefined && command(look),
      Effect: following(cause, anchors),
    })}
  </article>`;
}

/** The settings behind it, with how sure that is. */
function blamed({ sureness, candidates, files }: Cause): Html {
  const [only] = candidates;
  if (sureness === "none") return html`no setting of these templates explains it`;
  if (sureness === "files") {
    return html`nothing points at one line of ${files.map((file) => html`<code>${file}</code> `)}`;
  }
  if (sureness === "one of" || only === undefined) return html`one of ${settingList(candidates)}`;
  return html`${sureness === "proved" && html`<b>proved</b> `}${setting(only)}`;
}

/** What points at each of the settings. */
const evidence = (candidates: Cause["candidates"]): Html =>
  html`<ul>
    ${candidates.flatMap(({ name, evidence: said }) => said.map((one) => html`<li><b>${name}</b>: ${one}</li>`))}
  </ul>`;

/** What else the cause is behind. */
function following({ specs, symptoms }: Cause, anchors: Anchors): Html {
  return html`${
    specs.length > 0 &&
    html`<details>
      <summary>${counted(specs.length, "spec")} failed for it</summary>
      <ul>
        ${specs.map((title) => html`<li>${anchors.toSpec(title)}</li>`)}
      </ul>
    </details>`
  }
  ${symptoms > 0 && html`<p>${counted(symptoms, "spec")} not judged because of it</p>`}`;
}
