import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { asRoot } from "../machines/hint.ts";
import type { Machine } from "../machines/machine.ts";
import { sh } from "../render/quote.ts";
import { ask } from "./ask.ts";
import { tail } from "../machines/command.ts";
import type { Work } from "./work.ts";

/** What yum and dnf say about packages at the end of a failed run, without their progress. */
const notInstalled = (machine: Machine, missing: string[], output: string): LabNotBuilt =>
  new LabNotBuilt({
    message: `${machine.name}: expected yum to install ${missing.join(", ")}, saw it fail`,
    details: tail(output, 12),
    hint: asRoot(machine.name, `yum -y install ${missing.join(" ")}`),
  });

/**
 * Installs the packages that are not there, in one transaction, with all signature checks on.
 *
 * Whatever stops yum, be it a download, a signature or a package that no repository has, is LabNotBuilt: no daemon
 * has run yet, so the cluster's settings were not put to the test. yum 3 leaves out a package it does not know and
 * answers 0, so what is there afterwards decides.
 * @throws LabNotBuilt with yum's own words
 */
export async function installPackages(work: Work, names: string[]): Promise<void> {
  const { machine, signal } = work;
  const missing = names.filter((name) => !work.first.packages.has(name));
  if (missing.length === 0) return;
  work.say(`installing ${missing.join(", ")}`);
  work.applied.packages = [...new Set([...work.applied.packages, ...missing])];
  await work.record();
  const script = `LC_ALL=C yum -y install ${missing.map(sh).join(" ")} </dev/null 2>&1`;
  const ran = await machine.run(script, { signal, within: budget.packages });
  if (ran.code !== 0) throw notInstalled(machine, missing, ran.stdout);
  const after = await ask(machine, { packages: names }, signal);
  const still = names.filter((name) => !after.packages.has(name));
  if (still.length > 0) throw notInstalled(machine, still, ran.stdout);
  for (const name of missing) work.changed("package", name);
}
