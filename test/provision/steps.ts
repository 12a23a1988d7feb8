import { expect } from "chai";
import type { Lab } from "../../harness/lab/lab.ts";
import type { Ran } from "../../harness/machines/machine.ts";
import { planFor } from "../../harness/provision/plan.ts";
import { loadRoles } from "../../harness/provision/roles.ts";
import type { LocalMachine } from "./local.ts";
import { ownTemplates } from "../../harness/paths.ts";

/** Runs a step of the project as it is rendered for this lab's master or first worker. */
export async function step(machine: LocalMachine, name: string, lab: Lab): Promise<Ran> {
  const roles = await loadRoles(ownTemplates);
  for (const described of [lab.master, ...lab.workers.slice(0, 1)])
    for (const item of (await planFor(lab, described, roles)).items)
      if (item.kind === "step" && item.script.name === name) return machine.run(item.script.text);
  throw new Error(`no step ${name}`);
}

/** What a step that went well said on standard output, line by line, but for what it declares. */
export function changes(ran: Ran): string[] {
  expect(ran.stderr).to.equal("");
  expect(ran.code).to.equal(0);
  return ran.stdout.split("\n").filter((line) => line !== "" && !line.startsWith("declares: "));
}
