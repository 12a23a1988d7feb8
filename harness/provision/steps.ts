import { ClusterBroken, LabNotBuilt, type Trouble } from "../errors.ts";
import type { Script } from "./plan.ts";
import { tail } from "../machines/command.ts";
import type { Work } from "./work.ts";

/** A step that failed after a daemon was started. */
export class StepFailed extends ClusterBroken {
  readonly step: string;

  constructor(step: string, trouble: Trouble) {
    super(trouble);
    this.step = step;
  }
}

/**
 * Runs a step. What it changed it says itself, in lines `changed: WHAT`; lines `note: WHAT` are passed on.
 * @throws StepFailed when it fails after a unit was started: it then talks to the cluster's daemons; LabNotBuilt
 *   when it fails before
 */
export async function runStep(work: Work, script: Script, restarts: string[]): Promise<void> {
  const { machine, signal } = work;
  const ran = await machine.run(script.text, { signal });
  for (const line of ran.stdout.split("\n")) {
    const [, kind, what = ""] = /^(changed|note): (.+)$/.exec(line) ?? [];
    if (kind === undefined) continue;
    work.say(what);
    if (kind === "changed") work.changed("step", what, restarts);
  }
  if (ran.code === 0) return;
  const trouble = {
    message: `${machine.name}: expected the step ${script.name} to succeed, saw exit code ${ran.code}`,
    details: [...tail(`${ran.stdout}\n${ran.stderr}`, 10), `step     ${script.template}`],
  };
  throw work.unitsReached ? new StepFailed(script.name, trouble) : new LabNotBuilt(trouble);
}
