import type { Results } from "../results/schema.ts";
import type { SpecStatus } from "../results/spec.ts";
import type { Anchors, Placed } from "./anchors.ts";
import { command, keepCommand } from "./command.ts";
import { filter } from "./filter.ts";
import { icon } from "./icon.ts";
import { html, type Content, type Html } from "./markup.ts";
import { specItem } from "./spec.ts";
import { marks, statuses } from "./status.ts";
import { counted } from "./wording.ts";

/** The specs that one file has of one machine; of none where they concern the whole lab. */
interface Group {
  anchor: string;
  machine: string | undefined;
  file: string;
  specs: readonly Placed[];
}

const shortName = (file: string): string => file.replace(/^.*\//, "").replace(/\.spec\.\w+$/, "");
const machineName = (machine: string | undefined): string => machine ?? "the lab";

/** Every spec, by machine and file: an overview, a filter, and the specs themselves. */
export function specs(results: Results, anchors: Anchors): Html {
  const machines = [...new Set([...results.machines.map(({ name }) => name), ...named(anchors), undefined])];
  const files = [...new Set(results.specs.map(({ file }) => file))];
  const groups = machines.flatMap((machine, column) =>
    files.map((file, row): Group => ({
      anchor: `group-${column}-${row}`,
      machine,
      file,
      specs: anchors.specs.filter(({ spec }) => spec.machine === machine && spec.file === file),
    })),
  );
  const present = machines.filter((machine) =>
    groups.some((group) => group.machine === machine && group.specs.length > 0),
  );
  return html`<section aria-labelledby="specs">
    <h2 id="specs">Specs</h2>
    ${results.specs.length === 0 && html`<p>No spec was judged.</p>`}
    ${results.specs.length > 0 && overview(files, present, groups)}
    ${results.specs.length > 0 && filter(results, present)}
    ${present.map((machine) => ofMachine(machine, groups, results, anchors))}
    ${
      results.specs.length > 0 &&
      html`<p class="quiet">
        A spec's command judges it again on a lab that is up. This leaves it up:
        ${command(keepCommand(results))}
      </p>`
    }
  </section>`;
}

const named = ({ specs: all }: Anchors): (string | undefined)[] => all.map(({ spec }) => spec.machine);

const worst = (all: readonly Placed[]): SpecStatus =>
  statuses.find((status) => all.some(({ spec }) => spec.status === status)) ?? "passed";

/** "✗ 2 of 12": the worst that there is, and how often. */
function tally(all: readonly Placed[]): Content {
  const status = worst(all);
  const count = all.filter(({ spec }) => spec.status === status).length;
  return html`${icon(marks[status], status)} ${count < all.length ? `${count} of ${all.length}` : count}`;
}

function overview(files: string[], machines: (string | undefined)[], groups: Group[]): Html {
  const cell = (machine: string | undefined, file: string): Content => {
    const group = groups.find((one) => one.machine === machine && one.file === file);
    return group !== undefined && group.specs.length > 0
      ? html`<a href="#${group.anchor}">${tally(group.specs)}</a>`
      : html`<span class="none">–</span>`;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Specs by file and machine">
    <table class="overview">
      <thead>
        <tr>
          <th scope="col">file</th>
          ${machines.map((machine) => html`<th scope="col">${machineName(machine)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${files.map(
          (file) =>
            html`<tr>
              <th scope="row">${shortName(file)}</th>
              ${machines.map((machine) => html`<td>${cell(machine, file)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const ofMachine = (machine: string | undefined, groups: Group[], results: Results, anchors: Anchors): Html =>
  html`<section class="of-machine" aria-label="Specs of ${machineName(machine)}">
    <h3>${machineName(machine)}</h3>
    ${groups
      .filter((group) => group.machine === machine && group.specs.length > 0)
      .map(
        ({ anchor, file, specs: all }) =>
          html`<details class="group" id="${anchor}" ${worst(all) !== "passed" && "open"}>
            <summary>
              <h4>${shortName(file)}</h4>
              <span class="effort"
                >${tally(all)}<span class="sr"> of ${counted(all.length, "spec")}</span></span
              >
            </summary>
            <ul>
              ${all.map((placed) => specItem(placed, results, anchors))}
            </ul>
          </details>`,
      )}
  </section>`;
