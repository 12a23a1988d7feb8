import { begin, chosenLab } from "../begin/begin.ts";
import { foreseen } from "../begin/check.ts";
import type { DefaultDaemons } from "../begin/daemons.ts";
import { enterWorld, sessionInside } from "../begin/enter.ts";
import { loadPrepare } from "../begin/hooks.ts";
import { packageServer } from "../begin/rehearse.ts";
import { LabNotBuilt, type ExitCode } from "../errors.ts";
import { hostLibvirt } from "../host/occupied.ts";
import type { Lab } from "../lab/lab.ts";
import { loadLab, type LoadedLab } from "../lab/load.ts";
import { newRun } from "../machines/label.ts";
import { lockLab } from "../machines/lock.ts";
import { takeDown } from "../machines/down.ts";
import { reap } from "../machines/reaper.ts";
import { labsWithState, readState, removeState } from "../machines/state.ts";
import { refuseTakenEarly } from "../machines/taken.ts";
import { labHome } from "../paths.ts";
import { refuseBadPlaces } from "../places.ts";
import { Progress } from "../report/progress.ts";
import type { Course } from "../lifecycle.ts";
import { readSession, writeSession, type Session } from "../session.ts";
import { markEnvironment, namespaceLabels } from "../world/mark.ts";
import { removeWorld } from "../world/remove.ts";
import { createWorld } from "../world/world.ts";
import { text, type Arguments } from "./command.ts";

/** What a verb does with a lab, in the lab's own namespace where it has one. */
export type Inside = (course: Course, typed: Arguments) => Promise<ExitCode>;

/** What can be refused of what was typed, once the lab is known, and before it is locked. */
export type Before = (lab: Lab) => Promise<void>;

/**
 * Runs a verb on a new lab: prepares it, makes its namespace, does the verb in there, and removes what is left,
 * unless the verb kept the lab.
 * @param standard its daemons, where neither the command line nor the lab file says which
 */
export async function onNewLab(
  typed: Arguments,
  signal: AbortSignal,
  inside: Inside,
  {
    standard = "released where they can be had",
    before,
  }: { standard?: DefaultDaemons; before?: Before } = {},
): Promise<ExitCode> {
  const present = await sessionInside();
  if (present !== undefined) return inside(courseIn(present, signal), typed);

  const progress = new Progress();
  const choice = await chosenLab(
    {
      lab: text(typed, "lab"),
      daemons: text(typed, "daemons"),
      templates: text(typed, "templates"),
      standard,
    },
    signal,
    progress.announce,
  );
  await before?.(foreseen(choice.lab, packageServer(choice.lab)));
  progress.announce(`lab ${choice.lab.name}: ${choice.chosen}`);
  if (choice.told !== undefined) progress.announce(choice.told);
  refuseWithoutRoot(choice.lab);
  refuseBadPlaces(choice.lab.name);
  await readState(choice.lab.name); // a damaged one is told before anything is made
  const hook = await loadPrepare(choice.lab);
  await refuseTakenEarly(choice.lab, await hostLibvirt());
  const run = newRun(choice.lab.name);
  await using _lock = await lockLab(choice.lab.name, run.label);
  for (const line of await reap(await hostLibvirt()))
    progress.announce(`removed what a run that died had left: ${line}`);
  await refuseKept(choice.lab.name);

  const session = await begin(choice, hook, run, progress, signal);
  try {
    return await inPlace(session, progress, signal, inside, typed);
  } finally {
    const state = await readState(session.lab.name);
    if (state?.label !== run.label) await removeRest(session);
  }
}

/** Runs a verb on the lab that was kept. @param terminal as in `enterWorld` */
export async function onKeptLab(
  typed: Arguments,
  signal: AbortSignal,
  inside: Inside,
  terminal = false,
  before?: Before,
): Promise<ExitCode> {
  const present = await sessionInside();
  if (present !== undefined) return inside(courseIn(present, signal), typed);
  const session = await keptSession(text(typed, "lab"));
  await before?.(session.lab);
  await using _lock = terminal ? undefined : await lockLab(session.lab.name, session.placement.label);
  if (session.world !== undefined) return await enterWorld(session.world, session, terminal, signal);
  return await onHost(courseIn(session, signal), inside, typed);
}

/** Marks what this process starts from now on as the run's, so that it is found should it outlive us. */
function onHost(course: Course, inside: Inside, typed: Arguments): Promise<ExitCode> {
  const { lab, placement } = course.session;
  Object.assign(process.env, markEnvironment(placement.label, labHome(lab.name)));
  return inside(course, typed);
}

/**
 * The name of a lab that is asked for by its name or file. One that was left up is known by its name, whatever became of
 * its file since.
 * @throws BadConfiguration where there is no such lab
 */
async function labNamed(asked: string): Promise<string> {
  return (await labsWithState()).includes(asked) ? asked : (await loadLab(asked)).name;
}

/** The session of the lab that was left up. @throws LabNotBuilt where there is none */
async function keptSession(lab: string | undefined): Promise<Session> {
  const names = lab === undefined ? await labsWithState() : [await labNamed(lab)];
  for (const name of names) {
    const state = await readState(name);
    if (state !== undefined) return readSession(state.folder);
  }
  throw new LabNotBuilt({
    message: lab === undefined ? "no lab was left up" : `lab ${lab} was not left up`,
    hint: "npm run e2e -- --keep, or npm run lab -- up",
  });
}

async function inPlace(
  session: Session,
  progress: Progress,
  signal: AbortSignal,
  inside: Inside,
  typed: Arguments,
): Promise<ExitCode> {
  if (session.lab.isolation === "host") return onHost({ session, progress, signal }, inside, typed);
  const world = await progress.stage("namespace", async () => {
    const made = await createWorld(session.placement.label, labHome(session.lab.name), signal);
    return [made, `${made.label}, with a libvirtd of its own`];
  });
  const placement = { ...session.placement, uri: world.libvirtUri };
  await writeSession({ ...session, placement, world: world.file, stages: progress.stages });
  return enterWorld(world.file, session, false, signal);
}

/** Whatever a verb left undone: by label, so that nothing else is touched. */
async function removeRest(session: Session): Promise<void> {
  const { lab, placement } = session;
  if (lab.isolation === "namespace") await removeWorld(placement.label, labHome(lab.name));
  else await takeDown(placement.label, { uri: placement.uri });
  const state = await readState(lab.name);
  if (state?.label === placement.label) await removeState(lab.name);
}

/** Only root can make a namespace; before anything is tried, so that nothing is left half done. */
function refuseWithoutRoot({ name, isolation }: LoadedLab): void {
  if (isolation === "host" || process.getuid?.() === 0) return;
  throw new LabNotBuilt({
    message: `lab ${name} lives in a network namespace of its own, which only root can make`,
    hint: 'sudo env "PATH=$PATH" npm run e2e',
  });
}

async function refuseKept(lab: string): Promise<void> {
  const state = await readState(lab);
  if (state === undefined) return;
  if (state.world !== undefined && !namespaceLabels().includes(state.label)) {
    await removeState(lab); // its namespace went with the host's last restart
    return;
  }
  throw new LabNotBuilt({
    message: `lab ${lab} was left up as ${state.label}, and is not taken down unasked`,
    details: [`it is ${state.stage}; its run is in ${state.folder}`],
    hint: `npm run lab -- verify --lab ${lab}, or npm run lab -- destroy --lab ${lab}`,
  });
}

const courseIn = (session: Session, signal: AbortSignal): Course => ({
  session,
  signal,
  progress: new Progress(),
});
