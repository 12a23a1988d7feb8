import { demandBrowser } from "../browser/find.ts";
import { reach, down, judgeLab, provisionLab, up, type Course, type Provisioned } from "../lifecycle.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import type { Judgement } from "../judge/index.ts";
import { writeState } from "../machines/state.ts";
import { lastResults } from "../report/rounds.ts";
import { count, explained, flag, pattern, shared, text, type Arguments, type Command } from "./command.ts";
import { onKeptLab, onNewLab } from "./lab-command.ts";
import { refuseNoSpec } from "./grep.ts";
import { refuseBadTemplates, withTemplates } from "./templates.ts";
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

/** Judges as often as asked; what was judged is in `judgements` also where a later judging broke off. */
async function judgeRounds(
  provisioned: Pick<Provisioned, "running">,
  typed: Arguments,
  judgements: Judgement[],
): Promise<void> {
  const rounds = count(typed, "repeat");
  for (let round = 1; round <= rounds; round++) {
    judgements.push(await judgeLab(provisioned, { grep: pattern(typed), round }));
  }
}

async function wholeRun(course: Course, typed: Arguments): Promise<ExitCode> {
  const outcome: Outcome = { judgements: [], whole: pattern(typed) === undefined };
  try {
    outcome.running = await up(course);
    const provisioned = await provisionLab(outcome.running);
    outcome.provisioned = provisioned.result;
    await judgeRounds(provisioned, typed, outcome.judgements);
  } catch (error) {
    outcome.error = error;
  }
  await evidenceOf(outcome);
  await outcome.running?.[Symbol.asyncDispose]();
  if (flag(typed, "keep") && outcome.running !== undefined) await keep(course, "judged");
  else await down(course);
  return (await conclude(course, outcome)).exitCode;
}

async function onlyUp(course: Course): Promise<ExitCode> {
  try {
    await using _ = await up(course);
    await keep(course, "up");
    return exitCode.works;
  } catch (error) {
    await down(course);
    return (await conclude(course, { judgements: [], error })).exitCode;
  }
}

async function provisionKept(course: Course, typed: Arguments): Promise<ExitCode> {
  await withTemplates(course, text(typed, "templates"));
  await using running = reach(course);
  const outcome: Outcome = { judgements: [], running };
  try {
    outcome.provisioned = (await provisionLab(running)).result;
  } catch (error) {
    outcome.error = error;
  }
  await evidenceOf(outcome);
  if (outcome.error !== undefined || outcome.provisioned?.failures.length !== 0)
    return (await conclude(course, outcome)).exitCode;
  for (const [machine, changes] of Object.entries(outcome.provisioned.machines)) {
    for (const { kind, what, once } of changes) {
      course.progress.announce(`  ${machine}: ${kind} ${what}`);
      if (once === undefined) continue;
      const its = once.settings?.join(", ") ?? "it";
      course.progress.announce(
        `    ${its} counts at ${once.when}, so a fresh lab shows its effect: ${once.why}`,
      );
    }
  }
  return exitCode.works;
}

async function verifyKept(course: Course, typed: Arguments): Promise<ExitCode> {
  await using running = reach(course);
  const earlier = await lastResults(course.session.folder);
  const outcome: Outcome = { judgements: [], running, ...(earlier === undefined ? {} : { earlier }) };
  try {
    await judgeRounds({ running }, typed, outcome.judgements);
  } catch (error) {
    outcome.error = error;
  }
  await evidenceOf(outcome);
  return (await conclude(course, outcome)).exitCode;
}

/** Options are looked at before anything is touched. @throws BadConfiguration, LabNotBuilt without a browser */
async function checked(typed: Arguments): Promise<Arguments> {
  if (flag(typed, "browser")) await demandBrowser();
  count(typed, "repeat");
  pattern(typed);
  return typed;
}

export const run: Command = {
  name: "run",
  summary: "bring a lab up, provision it, judge it, write the report, take it down",
  usage: "[--lab LAB] [--templates DIR] [--keep]",
  options: shared,
  explain: explained,
  words: 0,
  execute: async (typed, signal) =>
    onNewLab(await checked(typed), signal, wholeRun, { before: refuseNoSpec(typed) }),
};

export const bringUp: Command = {
  name: "up",
  summary: "bring a lab's machines up and leave them up",
  usage: "[--lab LAB]",
  options: { lab: shared.lab, daemons: shared.daemons, templates: shared.templates },
  explain: explained,
  words: 0,
  execute: (typed, signal) => onNewLab(typed, signal, onlyUp),
};

export const provisionVerb: Command = {
  name: "provision",
  summary: "bring the lab that is up to what the templates say; only what differs is done",
  usage: "[--lab LAB] [--templates DIR]",
  options: { lab: shared.lab, templates: shared.templates },
  explain: explained,
  words: 0,
  execute: async (typed, signal) =>
    onKeptLab(typed, signal, provisionKept, false, await refuseBadTemplates(typed)),
};

export const verify: Command = {
  name: "verify",
  summary: "judge the lab that is up, as often as you like",
  usage: "[--lab LAB] [--grep TEXT] [--repeat N]",
  options: { lab: shared.lab, grep: shared.grep, repeat: shared.repeat, browser: shared.browser },
  explain: explained,
  words: 0,
  execute: async (typed, signal) =>
    onKeptLab(await checked(typed), signal, verifyKept, false, refuseNoSpec(typed)),
};
