import { budget } from "../budgets.ts";
import { HardwayError, LabNotBuilt } from "../errors.ts";
import { asRoot } from "../machines/hint.ts";
import { sh } from "../render/quote.ts";
import { ask } from "./ask.ts";
import { outageIn } from "./outage.ts";
import { tail } from "../machines/command.ts";
import type { Work } from "./work.ts";

/** What yum and dnf say about packages at the end of a failed run, without their progress. */
function notInstalled({ machine, repositories }: Work, missing: string[], output: string): LabNotBuilt {
  const outage = outageIn(output, repositories);
  const expected = `expected yum to install ${missing.join(", ")}`;
  return new LabNotBuilt({
    message: `${machine.name}: ${expected}, ${outage === undefined ? "saw it fail" : `but ${outage}`}`,
    details: tail(output, 12),
    hint: outage === undefined ? asRoot(machine.name, `yum -y install ${missing.join(" ")}`) : anotherMirror,
  });
}

const anotherMirror =
  "try again later, or add a mirror to `baseurl` in the lab file; `npm run lab -- doctor` asks each of them";

/**
 * Installs the packages that are not there, in one transaction, with all signature checks on; what was kept of an
 * earlier run is offered to yum first, and what is new is kept.
 *
 * Whatever stops yum, be it a download, a signature or a package that no repository has, is LabNotBuilt: no daemon
 * has run yet, so the cluster's settings were not put to the test. yum 3 leaves out a package it does not know and
 * answers 0, so what is there afterwards decides.
 * @throws LabNotBuilt with yum's own words, or with who did not answer
 */
export async function installPackages(work: Work, names: string[]): Promise<void> {
  const { machine, signal, kept } = work;
  const missing = names.filter((name) => !work.first.packages.has(name));
  if (missing.length === 0) return;
  const offered = await kept?.offer(machine, signal);
  for (const line of offered?.refused ?? []) work.say(`a kept package is not taken: ${line}`);
  const saved =
    offered === undefined || offered.taken === 0 ? "" : `, ${offered.taken} packages kept from before`;
  work.say(`installing ${missing.join(", ")}${saved}`);
  work.applied.packages = [...new Set([...work.applied.packages, ...missing])];
  await work.record();
  const script = `LC_ALL=C yum -y install ${missing.map(sh).join(" ")} </dev/null 2>&1`;
  const ran = await machine.run(script, { signal, within: budget.packages });
  if (ran.code !== 0) throw notInstalled(work, missing, ran.stdout);
  const after = await ask(machine, { packages: names }, signal);
  const still = names.filter((name) => !after.packages.has(name));
  if (still.length > 0) throw notInstalled(work, still, ran.stdout);
  for (const name of missing) work.changed("package", name);
  await kept?.keep(machine, signal).catch((error: unknown) => {
    if (error instanceof HardwayError) throw error;
    signal.throwIfAborted();
    work.say(`packages are not kept for the next run: ${String(error)}`); // such as a full disk
  });
}
