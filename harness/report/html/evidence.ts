import type { FactResult, Results } from "../results/schema.ts";
import { html, printed, type Html } from "./markup.ts";
import { terms } from "./terms.ts";
import { counted, duration, moment } from "./wording.ts";

/** What the machines answered, each answer once: specs link here. */
export function evidence({ facts, machines }: Results): Html {
  const names = [...new Set([...machines.map(({ name }) => name), ...facts.map(({ machine }) => machine)])];
  const placed = facts.map((fact, index) => ({ fact, index }));
  return html`<section aria-labelledby="evidence">
    <h2 id="evidence">Evidence</h2>
    <p class="quiet">
      ${facts.length > 0 ? "What the machines answered, as it was printed. The specs link to what they rest on." : "No machine was asked anything."}
    </p>
    ${names.map((name) => {
      const own = placed.filter(({ fact }) => fact.machine === name);
      return (
        own.length > 0 &&
        html`<h3>${name} <small>${counted(own.length, "answer")}</small></h3>
          ${own.map(({ fact, index }) => one(fact, index))}`
      );
    })}
  </section>`;
}

const one = (
  { machine, fact, command, at, ms, code, stdout, stderr, cut }: FactResult,
  index: number,
): Html =>
  html`<details class="fact" id="fact-${index}">
    <summary>
      <span class="title">${fact}</span>
      <span class="effort">${code !== 0 && html`<b>exit ${code}</b>, `}${moment(at)}</span>
    </summary>
    ${terms({
      Machine: machine,
      When: html`${moment(at)}, took ${duration(ms)}`,
      Command: printed(command),
      "Exit code": code,
      Output: stdout === "" ? "none" : printed(stdout),
      Errors: stderr !== "" && printed(stderr),
      Cut: cut && "The answer was longer: the recording has all of it.",
    })}
  </details>`;
