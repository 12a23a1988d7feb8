import type { Picture } from "../results/picture.ts";
import { card, cardHeight } from "./card.ts";
import { Grid, type Scale } from "./grid.ts";
import { lanes } from "./lanes.ts";
import { html, type Html } from "./markup.ts";
import { counted, listed } from "./wording.ts";

const cards = 44;

/**
 * The lab as it was observed: the machines on the lab's network, and under them who reached whom, through the overlay
 * or past it. A machine's line goes down through all of it.
 * @param broken the machines that are the cause of what is broken
 */
export function drawing(picture: Picture, broken: ReadonlySet<string>, scale: Scale): Html {
  const { machines, network, overlay, reach } = picture;
  const grid = new Grid(machines, scale);
  const { width } = grid;
  const height = cardHeight(machines, broken);
  const band = cards + height + 22;
  const pings = lanes("ping", reach, grid, band + 26);
  const containers = lanes("container", reach, grid, band + 26 + pings.height);
  const bandHeight = 26 + pings.height + containers.height + 8;
  const ports = lanes("NodePort", reach, grid, band + bandHeight + 8);
  const bottom = band + bandHeight + 8 + ports.height + 8;
  const id = `picture-${scale.name}`;
  return html`<svg
    class="lab ${scale.name}"
    viewBox="0 0 ${width} ${bottom}"
    width="${width}"
    height="${bottom}"
    role="img"
    aria-labelledby="${id}-title"
    aria-describedby="${id}-desc"
  >
    <title id="${id}-title">${titleOf(picture)}</title>
    <desc id="${id}-desc">${described(picture)}</desc>
    <text x="8" y="17" class="heading" font-size="${scale.small}">lab network ${network}</text>
    <path class="network" d="M5 26H${width - 5}" />
    <rect class="overlay" x="2" y="${band}" width="${width - 4}" height="${bandHeight}" rx="8" />
    <text x="8" y="${band + 18}" class="heading strong" font-size="${scale.small}">
      ${overlayName(overlay, scale)}
    </text>
    ${machines.map(({ name }) => {
      const x = grid.middle(name);
      return html`<path class="network" d="M${x} 26V${cards}" /><path
          class="life"
          d="M${x} ${cards + height}V${bottom - 4}"
        />`;
    })}
    ${machines.map((machine) => card(machine, grid, cards, height, broken.has(machine.name)))} ${pings.svg}
    ${containers.svg} ${ports.svg}
  </svg>`;
}

const overlayName = ({ network, backend, vni }: Picture["overlay"], { name }: Scale): string =>
  name === "wide"
    ? `overlay: flannel ${backend}, VNI ${vni}, ${network}`
    : `overlay ${network} (${backend} ${vni})`;

const titleOf = ({ machines, reach }: Picture): string =>
  `The lab as it was observed: ${counted(machines.length, "machine")}, ${reach.filter(({ reached }) => reached).length} of ${counted(reach.length, "attempt")} to reach another answered`;

/** The drawing in sentences. */
function described({ machines, network, reach }: Picture): string {
  const each = machines.map(({ name, role, address, subnet, docker0, node }) =>
    [
      `${name}, ${role}, ${address}`,
      subnet && `leased ${subnet}`,
      docker0 && `docker0 ${docker0}`,
      node && `node ${node}`,
    ]
      .filter(Boolean)
      .join(", "),
  );
  const lost = reach.filter(({ reached }) => !reached);
  return [
    `On ${network}: ${each.join("; ")}.`,
    lost.length === 0
      ? "Every attempt to reach another machine was answered."
      : `Not answered: ${listed(lost.map(({ from, to, by, target }) => `${from} to ${to} by ${by}, ${target}`))}.`,
  ].join(" ");
}
