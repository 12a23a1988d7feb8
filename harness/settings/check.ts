import type { Lab } from "../lab/lab.ts";
import { checkCharacters, checkReading } from "./check/characters.ts";
import { checkEnds, checkNeeds } from "./check/ends.ts";
import { checkFlags, checkVariables } from "./check/flags.ts";
import { checkNetwork } from "./check/network.ts";
import { checkPlans } from "./check/plan.ts";
import { byMachine, merged } from "./check/problems.ts";
import { checkRepositories } from "./check/repositories.ts";
import { checkShapes } from "./check/shapes.ts";
import { checkStock } from "./check/stock.ts";
import type { ClusterSettings } from "./cluster.ts";
import type { Reading } from "./read.ts";
import type { SettingProblem } from "./setting.ts";

/**
 * What can be seen to be wrong, or looks wrong, before any machine is touched: refusals first, each once for all machines
 * it is on.
 */
export function checkSettings(
  { settings, texts }: Reading,
  { lab, cluster }: { lab: Lab; cluster: ClusterSettings },
): SettingProblem[] {
  const machines = byMachine(settings);
  const readers = [...checkReading(texts), ...checkCharacters(texts)];
  // What a reader takes in another way than it was meant has no other meaning worth a word.
  const misread = new Set(readers.flatMap((problem) => problem.settings));
  const others = [
    ...checkFlags(machines, cluster),
    ...checkVariables(machines, cluster),
    ...checkPlans(machines, cluster),
    ...checkStock(machines, cluster),
    ...checkNetwork(machines, lab),
    ...checkRepositories(machines, lab),
    ...checkEnds(machines, lab, cluster),
    ...checkShapes(settings, cluster),
    ...cluster.rules.flatMap((rule) => rule(settings, lab)),
  ];
  const told = [
    ...readers,
    ...others.filter(
      ({ settings: about }) => about.length === 0 || !about.every((setting) => misread.has(setting)),
    ),
  ];
  const refused = new Set(told.filter(({ severity }) => severity === "refused").map(place));
  return merged([
    ...told,
    ...checkNeeds(machines, cluster).filter((problem) => !refused.has(place(problem))),
  ]);
}

const place = ({ source }: SettingProblem): string => `${source.file}:${source.line}`;
