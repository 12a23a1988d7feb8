import type { Picture } from "../results/picture.ts";
import type { Grid } from "./grid.ts";
import { html, type Html } from "./markup.ts";

type Machine = Picture["machines"][number];

/** What is drawn of a machine, a line each. */
interface Line {
  text: string;
  kind: "plain" | "address" | "good" | "bad";
}

/** Whether something is wrong with a machine as it was observed; the master is no node, and has no lease. */
const isIll = ({ role, subnet, docker0, node }: Machine): boolean =>
  role === "worker" && (subnet === undefined || docker0 === undefined || node !== "Ready");

function linesOf({ name, role, address, subnet, docker0, node }: Machine, isCause: boolean): Line[] {
  const worker = role === "worker";
  const given = (value: string | undefined, without: string): Line[] =>
    value !== undefined ? [{ text: value, kind: "address" }] : worker ? [{ text: without, kind: "bad" }] : [];
  const state: Line[] =
    worker || node !== undefined
      ? [
          { text: "node", kind: "plain" },
          { text: node ?? "none", kind: node === "Ready" ? "good" : "bad" },
        ]
      : [];
  return [
    ...(role === name ? [] : [{ text: role, kind: "plain" } as const]),
    { text: address, kind: "address" },
    ...(worker ? [{ text: "leased subnet", kind: "plain" } as const] : []),
    ...given(subnet, "none leased"),
    ...(worker ? [{ text: "docker0", kind: "plain" } as const] : []),
    ...given(docker0, "no docker0"),
    ...state,
    ...(isCause ? [{ text: "broken here", kind: "bad" } as const] : []),
  ];
}

const step = 17;

/** How high the highest of the machines is. */
export const cardHeight = (machines: readonly Machine[], broken: ReadonlySet<string>): number =>
  36 + step * Math.max(...machines.map((machine) => linesOf(machine, broken.has(machine.name)).length));

/** A machine with its addresses; what is wrong with it is red and has a mark. */
export function card(machine: Machine, grid: Grid, top: number, height: number, isCause: boolean): Html {
  const { column, small, character } = grid.scale;
  const middle = grid.middle(machine.name);
  const [left, width] = [middle - column / 2 + 5, column - 10];
  const cut = (text: string, room = width - 4) => {
    const most = Math.floor(room / character);
    return text.length > most ? `${text.slice(0, most - 1)}…` : text;
  };
  const ill = isCause || isIll(machine);
  const lines = linesOf(machine, isCause);
  return html`<g class="machine ${ill && "ill"}">
    <rect x="${left}" y="${top}" width="${width}" height="${height}" rx="6" />
    <text x="${middle}" y="${top + 21}" class="name">${cut(machine.name)}</text>
    ${lines.map(({ text, kind }, index) => {
      const y = top + 40 + index * step;
      const mark = kind === "good" ? "passed" : kind === "bad" ? "failed" : undefined;
      const shown = cut(text, width - (mark === undefined ? 4 : 24));
      const half = (shown.length * character) / 2;
      return html`<text
          x="${middle + (mark === undefined ? 0 : 7)}"
          y="${y}"
          class="${kind}"
          font-size="${small}"
          >${shown}</text
        >
        ${
          mark &&
          html`<use
            href="#mark-${mark}"
            class="icon ${mark}"
            x="${(middle - half - 8).toFixed(1)}"
            y="${y - 10}"
            width="12"
            height="12"
          />`
        }`;
    })}
  </g>`;
}
