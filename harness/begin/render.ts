import { dirname, join } from "node:path";
import { mkdir, writeFile } from "../files.ts";
import type { Lab } from "../lab/lab.ts";
import { planFor } from "../provision/plan.ts";
import { loadRoles } from "../provision/roles.ts";
import type { Placement } from "../render/placement.ts";
import { renderVagrantfile } from "../render/vagrantfile.ts";

/**
 * Renders everything a run puts anywhere into FOLDER/rendered, to be read there: the Vagrantfile, and under each
 * machine's name its files.
 * @returns how many files there are
 * @throws BadConfiguration when a role or a template is wrong
 */
export async function renderAll(
  lab: Lab,
  placement: Placement,
  templates: string,
  folder: string,
): Promise<number> {
  const rendered = join(folder, "rendered");
  const files = new Map<string, string | Buffer>([
    [join(rendered, "Vagrantfile"), await renderVagrantfile(lab, placement)],
  ]);
  const roles = await loadRoles(templates);
  for (const machine of lab.machines) {
    const plan = await planFor(lab, machine, roles);
    for (const { path, bytes } of plan.files) files.set(join(rendered, machine.name, path), bytes);
  }
  for (const [file, content] of files) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return files.size;
}
