import type { Picture } from "../results/picture.ts";
import type { Grid } from "./grid.ts";
import { html, type Html } from "./markup.ts";

type Reach = Picture["reach"][number];

const step = 36;
const heading = 30;

/** How the ways of reaching a machine are headed, in the order the traffic depends on them. */
const headings: Record<Reach["by"], string> = {
  ping: "ping, docker0 to docker0",
  container: "container to container",
  NodePort: "guestbook, through the NodePort",
};

/** What is drawn of one way of reaching machines. */
export interface Lanes {
  svg: Html;
  height: number;
}

/** Who reached whom in one way: an arrow each, from machine to machine; a broken one ends at a cross. */
export function lanes(by: Reach["by"], reach: readonly Reach[], grid: Grid, top: number): Lanes {
  const own = reach.filter((one) => one.by === by && grid.has(one.from) && grid.has(one.to));
  if (own.length === 0) return { svg: html``, height: 0 };
  return {
    height: heading + own.length * step,
    svg: html`<text x="8" y="${top + 20}" class="heading" font-size="${grid.scale.small}"
        >${headings[by]}</text
      >
      ${own.map((one, index) => lane(one, grid, top + heading + index * step))}`,
  };
}

function lane({ from, to, target, reached }: Reach, grid: Grid, top: number): Html {
  const [begin, end] = [grid.middle(from), grid.middle(to)];
  const y = top + 24;
  const { small } = grid.scale;
  const reading = Math.min(begin, end) + 20;
  const text = grid.fitting(reading, target);
  return html`<g class="reach ${reached ? "reached" : "broken"}">
    ${from === to ? loop(begin, y, grid) : arrow(begin, end, y, reached)}
    <use
      href="#mark-${reached ? "passed" : "failed"}"
      class="icon ${reached ? "passed" : "failed"}"
      x="${text - 16}"
      y="${top + 3}"
      width="12"
      height="12"
    />
    <text x="${text}" y="${top + 13}" font-size="${small}">${target}</text>
    ${!reached && cross((begin + end) / 2 + (from === to ? 22 : 0), y)}
  </g>`;
}

/** A line that stops short of the machine, and its head. */
function arrow(begin: number, end: number, y: number, reached: boolean): Html {
  const way = Math.sign(end - begin);
  const [tail, tip] = [begin + way * 6, end - way * 6];
  return html`<circle cx="${begin}" cy="${y}" r="3" class="dot" />
    <path class="line" d="M${tail} ${y}H${reached ? tip - way * 7 : tip}" />
    ${reached && html`<path class="head" d="M${tip} ${y}l${-way * 9} -4.5v9z" />`}`;
}

/** A machine that asks itself. */
const loop = (x: number, y: number, grid: Grid): Html => {
  const way = x + 30 > grid.width ? -1 : 1;
  return html`<circle cx="${x}" cy="${y}" r="3" class="dot" />
    <path
      class="line"
      d="M${x + way * 6} ${y}h${way * 20}q${way * 6} 0 ${way * 6} 4t${-way * 6} 4h${-way * 12}"
    />
    <path class="head" d="M${x + way * 5} ${y + 8}l${way * 9} -4.5v9z" />`;
};

const cross = (x: number, y: number): Html =>
  html`<path class="cross" d="M${x - 6} ${y - 6}l12 12m0 -12l-12 12" />`;
