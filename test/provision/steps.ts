import { expect } from "chai";
import type { Lab } from "../../harness/lab/lab.ts";
import type { Ran } from "../../harness/machines/machine.ts";
import { planFor, type Script } from "../../harness/provision/plan.ts";
import { loadRoles } from "../../harness/provision/roles.ts";
import { declarations } from "../../harness/provision/steps.ts";
import { undoing } from "../../harness/provision/take-back.ts";
import type { LocalMachine } from "./local.ts";
import { ownTemplates } from "../../harness/paths.ts";

/** A step of the project as it is rendered for this lab's master or first worker. */
async function scriptOf(name: string, lab: Lab): Promise<Script> {
  const roles = await loadRoles(ownTemplates);
  for (const described of [lab.master, ...lab.workers.slice(0, 1)])
    for (const item of (await planFor(lab, described, roles)).items)
      if (item.kind === "step" && item.script.name === name) return item.script;
  throw new Error(`no step ${name}`);
}

/** Runs a step of the project. */
export const step = async (machine: LocalMachine, name: string, lab: Lab): Promise<Ran> =>
  machine.run((await scriptOf(name, lab)).text);

/** Takes back all that a step has declared, by its own script. */
export async function takeBack(machine: LocalMachine, name: string, lab: Lab, ran: Ran): Promise<void> {
  const { undo = "" } = await scriptOf(name, lab);
  const effects = declarations(ran.stdout.split("\n"));
  expect(effects).to.not.have.length(0);
  for (const effect of effects.reverse()) await machine.sh(undoing(undo, effect));
}

/** What a step that went well said on standard output, line by line, but for what it declares. */
export function changes(ran: Ran): string[] {
  expect(ran.stderr).to.equal("");
  expect(ran.code).to.equal(0);
  return ran.stdout.split("\n").filter((line) => line !== "" && !line.startsWith("declares: "));
}
