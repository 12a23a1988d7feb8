import { reach, down, judgeLab, provisionLab, up, type Course } from "../lifecycle.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import { writeState } from "../machines/state.ts";
import { explained, flag, shared, text, type Arguments, type Command } from "./command.ts";
import { onKeptLab, onNewLab } from "./lab-command.ts";
import { conclude, evidenceOf, type Outcome } from "./verdict.ts";

type Stage = "up" | "provisioned" | "judged";

/** Leaves the lab up: the next run does not remove it, and later verbs find it. */
async function keep({ session, progress }: Course, stage: Stage): Promise<void> {
  const { lab, placement, folder, world } = session;
  const { label, uri } = placement;
  await writeState(lab.name, { label, uri, folder, stage, ...(world === undefined ? {} : { world }) });
  progress.announce(
    [
      `lab ${lab.name} is left up:`,
      ...lab.machines.map(({ name }) => `  npm run lab -- ssh ${name}`),
      "  npm run lab -- verify",
      "  npm run lab -- destroy",
    ].join("\n"),
  );
}

async function wholeRun(course: Course, typed: Arguments): Promise<ExitCode> {
  const outcome: Outcome = {};
  try {
    outcome.running = await up(course);
    const provisioned = await provisionLab(outcome.running);
    outcome.provisioned = provisioned.result;
    outcome.judgement = await judgeLab(provisioned, text(typed, "grep"));
  } catch (error) {
    outcome.error = error;
  }
  await evidenceOf(outcome);
  await outcome.running?.[Symbol.asyncDispose]();
  if (flag(typed, "keep") && outcome.running !== undefined) await keep(course, "judged");
  else await down(course);
  return conclude(course, outcome);
}

async function onlyUp(course: Course): Promise<ExitCode> {
  try {
    await using _ = await up(course);
    await keep(course, "up");
    return exitCode.works;
  } catch (error) {
    await down(course);
    return conclude(course, { error });
  }
}

async function provisionKept(course: Course): Promise<ExitCode> {
  await using running = reach(course);
  const outcome: Outcome = { running };
  try {
    outcome.provisioned = (await provisionLab(running)).result;
  } catch (error) {
    outcome.error = error;
  }
  await evidenceOf(outcome);
  if (outcome.error !== undefined || outcome.provisioned?.failures.length !== 0)
    return await conclude(course, outcome);
  for (const [machine, changes] of Object.entries(outcome.provisioned.machines)) {
    for (const { kind, what } of changes) course.progress.announce(`  ${machine}: ${kind} ${what}`);
  }
  return exitCode.works;
}

async function verifyKept(course: Course, typed: Arguments): Promise<ExitCode> {
  await using running = reach(course);
  const outcome: Outcome = { running };
  try {
    outcome.judgement = await judgeLab({ running }, text(typed, "grep"));
  } catch (error) {
    outcome.error = error;
  }
  await evidenceOf(outcome);
  return await conclude(course, outcome);
}

export const run: Command = {
  name: "run",
  summary: "bring a lab up, provision it, judge it, write the report, take it down",
  usage: "[--lab LAB] [--keep]",
  options: shared,
  explain: explained,
  words: 0,
  execute: (typed, signal) => onNewLab(typed, signal, wholeRun),
};

export const bringUp: Command = {
  name: "up",
  summary: "bring a lab's machines up and leave them up",
  usage: "[--lab LAB]",
  options: { lab: shared.lab, daemons: shared.daemons },
  explain: explained,
  words: 0,
  execute: (typed, signal) => onNewLab(typed, signal, onlyUp),
};

export const provisionVerb: Command = {
  name: "provision",
  summary: "bring the lab that is up to what the templates say; only what differs is done",
  usage: "[--lab LAB]",
  options: { lab: shared.lab },
  explain: explained,
  words: 0,
  execute: (typed, signal) => onKeptLab(typed, signal, provisionKept),
};

export const verify: Command = {
  name: "verify",
  summary: "judge the lab that is up, as often as you like",
  usage: "[--lab LAB] [--grep TEXT]",
  options: { lab: shared.lab, grep: shared.grep },
  explain: explained,
  words: 0,
  execute: (typed, signal) => onKeptLab(typed, signal, verifyKept),
};
