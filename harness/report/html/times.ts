import type { Results, StageResult, TimeResult } from "../results/schema.ts";
import { icon } from "./icon.ts";
import { html, type Html } from "./markup.ts";
import { counted, duration } from "./wording.ts";

/** How long everything took, against what it usually takes. */
export function times({ stages, times: all }: Results): Html {
  const convergences = all.filter(({ kind }) => kind === "convergence");
  return html`<section aria-labelledby="times">
    <h2 id="times">Times</h2>
    ${stages.length > 0 && stageTable(stages, all)}
    ${convergences.length > 0 && convergenceTable(convergences)}
  </section>`;
}

/** "1.6 times as long as usual: 50.0 s in the median of 8 runs". */
function comparison({ ms, median, runs, change }: TimeResult): Html {
  if (median === undefined) return html`<span class="quiet">too few runs to compare with</span>`;
  const usual = `${duration(median)} in the median of ${counted(runs, "run")}`;
  const ratio = (ms / Math.max(median, 1)).toFixed(1);
  if (change === "slower") return html`${icon("warning")} <b>slower</b>, ${ratio} times the usual ${usual}`;
  if (change === "faster") return html`<b>faster</b>, ${ratio} times the usual ${usual}`;
  return html`<span class="quiet">as usual: ${usual}</span>`;
}

function stageTable(stages: readonly StageResult[], all: readonly TimeResult[]): Html {
  const begin = Math.min(...stages.map(({ startedAt }) => Date.parse(startedAt)));
  const placed = stages.map((stage) => ({ stage, from: Date.parse(stage.startedAt) - begin }));
  const timeOf = (name: string) => all.find(({ kind, what }) => kind === "stage" && what === name);
  const ends = placed.map(({ stage, from }) => from + Math.max(stage.ms, timeOf(stage.name)?.median ?? 0));
  const whole = Math.max(...ends, 1);
  const percent = (ms: number) => `${((100 * ms) / whole).toFixed(2)}%`;
  return html`<table class="stages">
      <thead>
        <tr>
          <th scope="col">stage</th>
          <th scope="col" class="number">time</th>
          <th scope="col">when, and what came of it</th>
        </tr>
      </thead>
      <tbody>
        ${placed.map(({ stage: { name, ms, status, summary }, from }) => {
          const time = timeOf(name);
          return html`<tr>
            <th scope="row">${icon(status === "done" ? "passed" : "failed", status)} ${name}</th>
            <td class="number">${duration(ms)}</td>
            <td>
              <span class="track" aria-hidden="true"
                ><span class="bar ${status}" style="left:${percent(from)};width:${percent(ms)}"></span>${
                  time?.median !== undefined &&
                  html`<span class="usual" style="left:${percent(from + time.median)}"></span>`
                }</span
              >
              <span>${summary}</span>
              ${time && html`<small>${comparison(time)}</small>`}
            </td>
          </tr>`;
        })}
      </tbody>
    </table>
    ${all.some(({ kind, median }) => kind === "stage" && median !== undefined) && html`<p class="quiet key"><span class="usual"></span> the median of recent runs</p>`}`;
}

const convergenceTable = (all: readonly TimeResult[]): Html =>
  html`<details ${all.some(({ change }) => change === "slower") && "open"}>
    <summary><h3>What converged, and when</h3></summary>
    <table>
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col">after</th>
          <th scope="col">against recent runs</th>
        </tr>
      </thead>
      <tbody>
        ${all.map(
          (time) =>
            html`<tr>
              <th scope="row">${time.what}</th>
              <td class="number">${duration(time.ms)}</td>
              <td>${comparison(time)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
