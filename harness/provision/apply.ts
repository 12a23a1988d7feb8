import type { Machine } from "../machines/machine.ts";
import { ask } from "./ask.ts";
import type { Question } from "./ask.ts";
import { awaitFact } from "./awaits.ts";
import { placeFiles } from "./files.ts";
import { provideImages } from "./images.ts";
import { installPackages } from "./packages.ts";
import type { Item, Plan } from "./plan.ts";
import { runStep } from "./steps.ts";
import { takeBack } from "./take-back.ts";
import { bringUp, stillUp } from "./units.ts";
import { Work } from "./work.ts";
import type { Surroundings } from "./work.ts";

/** Brings one item about. */
async function bringAbout(work: Work, item: Item): Promise<void> {
  switch (item.kind) {
    case "files":
      return placeFiles(work, item.files);
    case "step":
      return runStep(work, item);
    case "packages":
      return installPackages(work, item.names);
    case "unit":
      return bringUp(work, item.name);
    case "await":
      return awaitFact(work, item.script, item.from);
    case "images":
      return provideImages(work, item.images);
  }
}

/** Everything the plan can ask, so that a machine on which nothing differs is asked once. */
const everything = ({ items, files }: Plan): Question => ({
  files: files.map((file) => file.path),
  packages: items.flatMap((item) => (item.kind === "packages" ? item.names : [])),
  units: items.flatMap((item) => (item.kind === "unit" ? [item.name] : [])),
  applied: true,
});

/**
 * Goes through a machine's plan.
 * @param reached told of each item when it is begun
 * @throws what provisioning throws; ClusterBroken where the settings make no working cluster
 */
export async function apply(
  machine: Machine,
  plan: Plan,
  surroundings: Surroundings,
  reached: (item: Item) => void,
): Promise<void> {
  const first = await ask(machine, everything(plan), surroundings.signal);
  const work = new Work(machine, plan, first, surroundings);
  if (await takeBack(work)) work.first = await ask(machine, everything(plan), surroundings.signal);
  for (const item of plan.items) {
    reached(item);
    await bringAbout(work, item);
  }
  await stillUp(work);
}
