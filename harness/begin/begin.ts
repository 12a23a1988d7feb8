import { join } from "node:path";
import { makeOurs, mkdir } from "../files.ts";
import { chooseLab } from "../host/choose.ts";
import { hostLibvirt } from "../host/occupied.ts";
import { ensurePackages } from "../host/packages.ts";
import { everyLab, requirementsIn, type Requirement } from "../host/requirements.ts";
import { completeLab } from "../lab/complete.ts";
import type { PrepareHook } from "../lab/hooks.ts";
import { loadLab, type LoadedLab } from "../lab/load.ts";
import { verifiedBox } from "../machines/box.ts";
import { hostDriver } from "../machines/kvm.ts";
import { networksOf, type Run } from "../machines/label.ts";
import { ownPool } from "../machines/pool.ts";
import { refuseTaken } from "../machines/taken.ts";
import { addBox } from "../machines/vagrant.ts";
import { hostUri } from "../machines/virsh.ts";
import { ownTemplates, reports, typedPath } from "../paths.ts";
import { ownRoom } from "../places.ts";
import { loadRoles } from "../provision/roles.ts";
import type { Placement } from "../render/placement.ts";
import type { Progress } from "../report/progress.ts";
import { writeSession, type Session } from "../session.ts";
import type { SettingProblem } from "../settings/setting.ts";
import { checkedSettings, foreseen, warningLines } from "./check.ts";
import { withDaemons, type DefaultDaemons } from "./daemons.ts";
import { prepared } from "./hooks.ts";
import { packageServer, rehearse } from "./rehearse.ts";
import { renderAll } from "./render.ts";

export interface Wanted {
  /** A lab's name or file; the first this host can run where there is none. */
  lab: string | undefined;
  /** Overrides the lab file's `daemons`. */
  daemons: string | undefined;
  /** Where that is not said either. */
  standard: DefaultDaemons;
  /** The folder of the roles; the project's own where there is none. */
  templates: string | undefined;
}

export interface Chosen {
  lab: LoadedLab;
  /** Why it is this one. */
  chosen: string;
  /** The folder of the roles, absolute. */
  templates: string;
  /** The Debian packages its prepare hook needs. */
  needs: Requirement[];
  /** What its settings look as if they were not meant. */
  warnings: SettingProblem[];
  /** Which daemons it has and why, where nobody said it. */
  told?: string;
}

/**
 * The lab that was asked for, and why it is this one; it, its templates and its daemons were looked at, and nothing was
 * made or installed for it.
 * @param say is told what was left out
 * @throws BadConfiguration with each mistake at its line
 */
export async function chosenLab(
  wanted: Wanted,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Chosen> {
  const choice = wanted.lab === undefined ? await chooseLab() : { name: wanted.lab, why: "as asked" };
  const loaded = await loadLab(choice.name);
  const templates = wanted.templates === undefined ? ownTemplates : typedPath(wanted.templates);
  const roles = await loadRoles(templates);
  const lab = foreseen(loaded, packageServer(loaded));
  await rehearse(lab, roles);
  const warnings = await checkedSettings(lab, templates);
  const packages = loaded.hooks?.packages;
  const needs = packages === undefined ? [] : await requirementsIn(packages);
  const given = await withDaemons(loaded, wanted.daemons, wanted.standard, signal);
  for (const path of Object.values(roles).flatMap(({ left }) => left)) say(`left out, an editor's: ${path}`);
  return { ...given, chosen: choice.why, templates, needs, warnings };
}

/**
 * Does all that can be done before anything of the run exists: installs what the host lacks, has the lab's parts
 * prepared, verifies its box and renders its files.
 * @returns the run's session, written into its folder
 * @throws BadConfiguration, or LabNotBuilt when a part cannot be had
 */
export async function begin(
  { lab: loaded, chosen, templates, needs, warnings }: Chosen,
  hook: PrepareHook | undefined,
  run: Run,
  progress: Progress,
  signal: AbortSignal,
): Promise<Session> {
  const startedAt = new Date().toISOString();
  for (const line of warningLines(warnings)) progress.announce(line);
  await ensurePackages([...everyLab, ...needs], progress.announce, signal);
  await refuseTaken(loaded, await hostLibvirt());
  const driver = await hostDriver();
  if (loaded.isolation === "host" && driver.driver === "qemu") {
    progress.announce(`warning: the machines are emulated and slow: ${driver.why}`);
  }

  const parts = await progress.stage("prepare", async (say) => {
    if (hook === undefined) return [undefined, "nothing to prepare"];
    const cache = await ownRoom("testbed");
    const made: string[] = [];
    const told = (line: string) => {
      made.push(line);
      if (process.stdout.isTTY) say(line);
      else progress.announce(`  ${line}`);
    };
    const answer = await prepared(hook, loaded, { cache, say: told, signal });
    return [answer, made.length === 0 ? "all parts are there" : `made what was missing`];
  });
  const lab = completeLab(loaded, parts, packageServer(loaded));
  const box = await progress.stage("box", async (say) => {
    const verified = await verifiedBox(lab, { say, signal });
    const added = await addBox(lab.box.name, verified, { say, signal });
    return [added, `${added.name} ${added.version}, its sum signed by ${lab.box.key}`];
  });

  const folder = join(reports, `${startedAt.slice(0, 19).replaceAll(":", "-")}-${lab.name}-${run.id}`);
  const networks = networksOf(run.label);
  const placement: Placement = {
    label: run.label,
    driver: driver.driver,
    uri: hostUri(),
    network: networks.lab,
    managementNetwork: networks.management,
    box: { name: box.name, version: box.version },
    pool: lab.isolation === "namespace" ? ownPool : "default",
    consoleFolder: join(folder, "consoles"),
  };
  await makeOurs(folder);
  await mkdir(placement.consoleFolder, { recursive: true });
  await progress.stage("render", async () => {
    const count = await renderAll(lab, placement, templates, folder);
    return [count, `${count} files for ${lab.machines.length} machines`];
  });
  const session: Session = {
    id: run.id,
    chosen,
    lab,
    placement,
    box,
    driver: driver.why,
    folder,
    startedAt,
    templates,
    warnings,
    ...(parts === undefined ? {} : { published: parts.folder }),
    stages: progress.stages,
  };
  await writeSession(session);
  return session;
}
