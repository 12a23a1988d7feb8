import { relative } from "node:path";
import { checkedSettings, warningLines } from "../begin/check.ts";
import { exitCode, HardwayError, type ExitCode } from "../errors.ts";
import { judgeLab, provisionLab, reach, type Course, type Running } from "../lifecycle.ts";
import type { SpecResult } from "../judge/index.ts";
import { project } from "../paths.ts";
import { components } from "../judge/cluster.ts";
import { knownFrom } from "../judge/known.ts";
import { differencesOf } from "../settings/differences.ts";
import type { Setting } from "../settings/setting.ts";
import { affectedBy } from "../watch/affected.ts";
import { saves } from "../watch/saves.ts";
import { flag, shared, text, type Arguments, type Command } from "./command.ts";
import { onKeptLab } from "./lab-command.ts";
import { refuseBadTemplates, withTemplates } from "./templates.ts";
import { conclude, type Outcome } from "./verdict.ts";

/** What is known between two saves. */
interface Known {
  settings: readonly Setting[];
  specs: SpecResult[];
}

async function watchLab(course: Course, typed: Arguments): Promise<ExitCode> {
  const { session, signal, progress } = course;
  await withTemplates(course, text(typed, "templates"));
  await using running = reach(course);
  const known: Known = {
    settings: (await knownFrom(session.lab, session.templates)).settings,
    specs: [],
  };
  await judgeAll(running, known);
  const folder = relative(project, session.templates) || ".";
  progress.announce(`\nwatching ${folder}; Ctrl-C ends it and leaves the lab up`);
  try {
    for await (const savedAt of saves(session.templates, signal)) {
      await afterSave(running, known, savedAt, flag(typed, "all")).catch((error: unknown) => {
        if (signal.aborted || !(error instanceof HardwayError)) throw error;
        progress.announce(error.explain());
      });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return exitCode.works;
}

/** One save: what differs is shown, pushed and judged. */
async function afterSave(running: Running, known: Known, savedAt: number, all: boolean): Promise<void> {
  const { course } = running;
  const { session, progress } = course;
  const { settings, daemons } = await knownFrom(session.lab, session.templates);
  const differences = differencesOf([...known.settings], [...settings]);
  if (differences.length === 0) return;
  for (const { sentence, source } of differences) {
    progress.announce(`${sentence}\n  ${source.file}:${source.line}`);
  }
  session.warnings = await checkedSettings(session.lab, session.templates);
  for (const line of warningLines(session.warnings)) progress.announce(line);
  const changed = changedBetween(known.settings, settings);
  known.settings = settings;
  const outcome: Outcome = { judgements: [], passing: true };
  const from = progress.stages.length;
  const { result } = await provisionLab(running);
  outcome.provisioned = result;
  const affected = affectedBy(changed, result, known.specs, {
    components,
    site: session.lab,
    daemons,
  });
  const specs = all ? [...affected.now, ...affected.later] : affected.now;
  if (specs.length > 0) {
    outcome.judgements.push(await judgeLab({ running }, { grep: patternOf(specs) }));
    remember(known, outcome.judgements[0]?.specs ?? []);
  }
  progress.stages.splice(0, from);
  await conclude(course, outcome);
  const left = all || affected.later.length === 0 ? "" : `; ${affected.later.length} more need \`verify\``;
  progress.announce(`${((Date.now() - savedAt) / 1000).toFixed(1)} s from save to verdict${left}\n`);
}

/** The first judging tells which spec is about what. */
async function judgeAll(running: Running, known: Known): Promise<void> {
  const judgement = await judgeLab({ running });
  known.specs = judgement.specs;
  await conclude(running.course, { judgements: [judgement], passing: true });
  running.course.progress.stages.splice(0);
}

function remember(known: Known, judged: readonly SpecResult[]): void {
  const titles = new Map(judged.map((spec) => [spec.title.join(" "), spec]));
  known.specs = known.specs.map((spec) => titles.get(spec.title.join(" ")) ?? spec);
}

/** mocha's grep for exactly these specs. */
const patternOf = (specs: readonly SpecResult[]): RegExp =>
  new RegExp(
    `^(?:${specs.map(({ title }) => title.join(" ").replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("|")})$`,
  );

/** The settings that only one of two sets has: as they were, and as they are. */
function changedBetween(before: readonly Setting[], after: readonly Setting[]): Setting[] {
  const [old, now] = [new Set(before.map(identity)), new Set(after.map(identity))];
  return [
    ...before.filter((setting) => !now.has(identity(setting))),
    ...after.filter((setting) => !old.has(identity(setting))),
  ];
}

const identity = ({ machine, path, key, flag, value, state }: Setting): string =>
  JSON.stringify([machine, path, key, flag, value, state]);

/** The inner loop: a saved template to a verdict, on a lab that is up. */
export const watch: Command = {
  name: "watch",
  summary: "on the lab that is up: push each template when it is saved, and judge what it affects",
  usage: "[--lab LAB] [--templates DIR] [--all]",
  options: { lab: shared.lab, templates: shared.templates, all: { type: "boolean" } },
  explain: {
    lab: "as for verify",
    templates: "the folder to watch in the place of provision/",
    all: "judge everything that rests on the change, the guestbook included",
  },
  words: 0,
  execute: async (typed, signal) =>
    onKeptLab(typed, signal, watchLab, false, await refuseBadTemplates(typed)),
};
