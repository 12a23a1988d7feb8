import type { SpecResult } from "../results/spec.ts";
import { icon } from "./icon.ts";
import { html, type Html } from "./markup.ts";
import { marks } from "./status.ts";
import { duration } from "./wording.ts";

type Round = NonNullable<SpecResult["rounds"]>[number];

/** Each round's mark in a row, where a spec was judged more than once. */
export function strip({ rounds }: SpecResult): Html | undefined {
  if (rounds === undefined || rounds.length < 2) return undefined;
  const held = rounds.filter(({ status }) => status === "passed").length;
  return html`<span class="strip"
    ><span aria-hidden="true">${rounds.map(({ status }) => icon(marks[status]))}</span> held in ${held} of
    ${rounds.length}</span
  >`;
}

/** How long it took to hold: the shortest, the middle and the longest of the rounds in which it did. */
function spread(rounds: readonly Round[]): { min: number; median: number; max: number } | undefined {
  const times = rounds
    .filter(({ status }) => status === "passed")
    .map(({ elapsed }) => elapsed)
    .sort((one, other) => one - other);
  const [min, max] = [times[0], times.at(-1)];
  if (min === undefined || max === undefined) return undefined;
  const middle = times.slice(Math.floor((times.length - 1) / 2), Math.floor(times.length / 2) + 1);
  return { min, max, median: middle.reduce((sum, time) => sum + time, 0) / middle.length };
}

/** How soon it held, in words; undefined where it never did. */
export function spreadOf(rounds: readonly Round[]): string | undefined {
  const times = spread(rounds);
  return (
    times &&
    `held after ${duration(times.min)} at best, ${duration(times.median)} in the median, ${duration(times.max)} at worst`
  );
}

/** Every judging of a spec; where all held at their first look, the spread says all. */
export function roundTable(rounds: readonly Round[]): Html {
  const times = spreadOf(rounds);
  return html`${times !== undefined && html`<p>${times}</p>`}
  ${rounds.some(({ status, looks }) => status !== "passed" || looks > 1) && table(rounds)}`;
}

const table = (rounds: readonly Round[]): Html =>
  html`<table class="rounds">
    <thead>
      <tr>
        <th scope="col">round</th>
        <th scope="col">status</th>
        <th scope="col">looks</th>
        <th scope="col">time</th>
        <th scope="col">saw</th>
      </tr>
    </thead>
    <tbody>
      ${rounds.map(
        ({ status, looks, elapsed, saw }, index) =>
          html`<tr>
            <th scope="row">${index + 1}</th>
            <td>${icon(marks[status])} ${status}</td>
            <td>${looks}</td>
            <td>${duration(elapsed)}</td>
            <td>${saw}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
