import { ClusterBroken, LabNotBuilt, type Trouble } from "../errors.ts";
import type { Effect } from "./applied.ts";
import type { Item, Script } from "./plan.ts";
import { tail } from "../machines/command.ts";
import { undo } from "./take-back.ts";
import type { Work } from "./work.ts";

/** A step that failed after a daemon was started. */
export class StepFailed extends ClusterBroken {
  readonly step: string;

  constructor(step: string, trouble: Trouble) {
    super(trouble);
    this.step = step;
  }
}

/** What a step says it has brought about, and what was there before it did: `declares: WHAT (was BEFORE)`. */
const declaration = /^declares: (.+?)(?: \(was (.*)\))?$/;

/** What a step's output declares. */
export const declarations = (said: readonly string[]): Effect[] =>
  said.flatMap((line) => {
    const [, what, was = ""] = declaration.exec(line) ?? [];
    return what === undefined ? [] : [{ what, was }];
  });

/**
 * Keeps what a step declares, each as it was declared first, and takes back what it does not declare any more.
 * @throws LabNotBuilt where it has no script to take anything back by
 */
async function keepEffects(work: Work, script: Script, restarts: string[], said: string[]): Promise<void> {
  const known = work.applied.steps[script.id]?.effects ?? [];
  const declared = declarations(said).map(
    (effect) => known.find(({ what }) => what === effect.what) ?? effect,
  );
  if (declared.length + known.length === 0) return;
  if (script.undo === undefined) {
    throw new LabNotBuilt({
      message: `expected a script undo/${script.name}.sh beside ${script.template}, which declares what it does; saw none`,
      hint: "it is given what was declared as $1, and what was before as $2",
    });
  }
  const gone = known.filter(({ what }) => !declared.some((effect) => effect.what === what));
  const effects = [...declared, ...gone];
  work.applied.steps[script.id] = { undo: script.undo, restarts, effects };
  await work.record();
  await undo(work, script.id, gone);
}

/**
 * Runs a step. What it changed it says itself, in lines `changed: WHAT`; lines `note: WHAT` are passed on; what it is
 * to be taken back for, once the templates no longer want it, in lines `declares: WHAT (was BEFORE)`.
 * @throws StepFailed when it fails after a unit was started: it then talks to the cluster's daemons; LabNotBuilt
 *   when it fails before
 */
export async function runStep(
  work: Work,
  { script, restarts, once }: Extract<Item, { kind: "step" }>,
): Promise<void> {
  const { machine, signal } = work;
  const ran = await machine.run(script.text, { signal });
  const before = work.applied.steps[script.id] !== undefined;
  const said = ran.stdout.split("\n");
  for (const line of said) {
    const [, kind, what = ""] = /^(changed|note): (.+)$/.exec(line) ?? [];
    if (kind === undefined) continue;
    work.say(what);
    if (kind === "changed") work.changed("step", what, restarts, before ? once : undefined);
  }
  if (ran.code === 0) return keepEffects(work, script, restarts, said);
  const trouble = {
    message: `${machine.name}: expected the step ${script.name} to succeed, saw exit code ${ran.code}`,
    details: [
      ...tail(`${said.filter((line) => !declaration.test(line)).join("\n")}\n${ran.stderr}`, 10),
      `step     ${script.template}`,
    ],
  };
  throw work.unitsReached ? new StepFailed(script.name, trouble) : new LabNotBuilt(trouble);
}
