import { createHash } from "node:crypto";
import { z } from "zod";
import type { Lab } from "../lab/lab.ts";
import { planFor } from "./plan.ts";
import { loadRoles } from "./roles.ts";

export const givenFileSchema = z.object({
  machine: z.string(),
  path: z.string(),
  sha256: z.string().describe("64 lower-case hexadecimal digits"),
  mode: z.string().describe('"644"'),
  owner: z.string().describe('"root:root"'),
});
/** A file that a machine is given from a template, as it is to be found there. */
export type GivenFile = z.output<typeof givenFileSchema>;

/**
 * Every file that the templates put onto a lab's machines.
 * @param templates the folder of the roles
 * @throws BadConfiguration when a role or a template is wrong
 */
export async function givenFiles(lab: Lab, templates: string): Promise<GivenFile[]> {
  const roles = await loadRoles(templates);
  const ofMachines = lab.machines.map(async (machine) => {
    const { items } = await planFor(lab, machine, roles);
    const files = items.flatMap((item) => (item.kind === "files" ? item.files : []));
    return files.map(({ path, bytes, mode, owner }) => ({
      machine: machine.name,
      path,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      mode: mode.replace(/^0/, ""),
      owner,
    }));
  });
  return (await Promise.all(ofMachines)).flat();
}
