import type { Known } from "../cause/evidence.ts";
import type { Lab } from "../lab/lab.ts";
import { checkSettings } from "../settings/check.ts";
import { readSettings } from "../settings/read.ts";
import { clusterSettings } from "./cluster.ts";

/**
 * What a cause is found from, beside what the machines say: the lab's settings as the templates make them, the daemons
 * that read them, and what the check before the run has to say of them.
 * @param templates the folder of the roles
 * @throws BadConfiguration when a role or a template is wrong
 */
export async function knownFrom(lab: Lab, templates: string): Promise<Known> {
  const cluster = clusterSettings(lab);
  const reading = await readSettings(lab, templates, { daemons: cluster.daemons });
  return {
    settings: reading.settings,
    daemons: cluster.daemons,
    stock: cluster.stock,
    problems: checkSettings(reading, { lab, cluster }),
  };
}
