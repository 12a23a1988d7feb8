import { relative } from "node:path";
import { screenshotsIn } from "../browser/screenshots.ts";
import { makeBundle } from "../collect/bundle.ts";
import { redacted } from "../collect/redact.ts";
import { keepEvidence, type Course, type Running } from "../lifecycle.ts";
import type { Judgement } from "../judge/index.ts";
import { project, standing } from "../paths.ts";
import type { ProvisionResult } from "../provision/result.ts";
import { templatesDigest } from "../report/digest.ts";
import { historyFile, readHistory, remember, runOf } from "../report/history.ts";
import { codeOf, troubleOf } from "../report/results.ts";
import type { Results, Verdict } from "../report/results/schema.ts";
import { earlierRound, mergeRounds } from "../report/rounds.ts";
import { ending } from "../report/terminal.ts";
import { timesOf } from "../report/times.ts";
import { toolVersions } from "../report/tools.ts";
import { writeReports } from "../report/write.ts";

/** What a run came to, as far as it came. */
export interface Outcome {
  running?: Running;
  provisioned?: ProvisionResult;
  /** Each judging of the lab, in order. */
  judgements: Judgement[];
  /** What stopped it. */
  error?: unknown;
  /** The results of this lab's last judging, where it was judged before. */
  earlier?: Results;
  /** Judged from a recording. */
  replay?: true;
  /** One of many verdicts in a row, at which somebody looks as it comes: it needs no bundle. */
  passing?: true;
  /** Everything was judged: its times can be compared with those of other runs. */
  whole?: boolean;
}

const isGreen = ({ judgements, provisioned, error }: Outcome): boolean =>
  error === undefined && judgements.every(({ works }) => works) && (provisioned?.failures.length ?? 0) === 0;

/** Keeps evidence where a run is not green. A failure to do so is told, and changes no verdict. */
export async function evidenceOf(outcome: Outcome): Promise<void> {
  const { running } = outcome;
  if (running === undefined || isGreen(outcome)) return;
  await keepEvidence(running).catch((trouble: unknown) => {
    running.course.progress.announce(`diagnostics could not be collected: ${String(trouble)}`);
  });
}

/** Writes a run's reports, its bundle where it is not green, and prints how it ended. */
export async function conclude(
  { session, progress }: Pick<Course, "session" | "progress">,
  outcome: Outcome,
  folder = session.folder,
): Promise<Results> {
  const results = redacted(await resultsOf({ session, progress }, outcome));
  const history = historyFile(session.lab.name);
  if (outcome.whole === true) results.times = timesOf(results, await readHistory(history));
  await writeReports(folder, results, progress.announce);
  if (outcome.whole === true) await remember(history, runOf(results));
  if (results.verdict !== "works" && outcome.replay !== true && outcome.passing !== true) {
    await makeBundle(folder).then(
      ({ file }) => {
        progress.announce(`bundle: ${relative(standing(), file)}, without secrets`);
      },
      (trouble: unknown) => {
        progress.announce(`the bundle could not be made: ${String(trouble)}`);
      },
    );
  }
  console.log(ending(results, folder));
  return results;
}

async function resultsOf(
  { session, progress }: Pick<Course, "session" | "progress">,
  outcome: Outcome,
): Promise<Results> {
  const { lab } = session;
  const { provisioned, error, replay } = outcome;
  const revision = session.provisioned?.revision ?? 0;
  const [first] = outcome.judgements;
  const judgements =
    first === undefined ? [] : [...earlierRound(outcome.earlier, first, revision), ...outcome.judgements];
  const { trouble, code } = error === undefined ? {} : troubleOf(error);
  const judged = mergeRounds(judgements);
  const verdict = verdictOf(outcome, judged.verdict);
  const digest = await templatesDigest(session.templates);
  return {
    version: 3,
    verdict,
    exitCode: verdict === "broken" ? codeOf(verdict) : (code ?? codeOf(verdict)),
    causes: judged.causes,
    ...(trouble === undefined ? {} : { trouble }),
    lab: {
      name: lab.name,
      file: lab.file,
      summary: lab.summary,
      chosen: session.chosen,
      driver: session.driver,
    },
    run: {
      id: session.id,
      label: session.placement.label,
      startedAt: session.startedAt,
      endedAt: endOf(outcome),
      replay: replay === true,
      revision,
    },
    templates: {
      folder: relative(project, session.templates) || ".",
      digest,
      changedSince: session.provisioned !== undefined && session.provisioned.digest !== digest,
    },
    tools: await toolVersions(),
    stages: [...session.stages, ...progress.stages],
    machines: lab.machines.map(({ name, role, address }) => ({
      ...(judged.machines.find((machine) => machine.name === name) ?? { name, parts: [] }),
      role,
      address,
    })),
    images: Object.values(lab.images).map((image) => ({
      name: image.name,
      kind: "archive" in image ? "ours" : "registry",
    })),
    ...(provisioned === undefined ? {} : { provision: provisioned }),
    ...(session.warnings === undefined
      ? {}
      : { warnings: session.warnings.map(({ source, message, hint }) => ({ ...source, message, hint })) }),
    specs: judged.specs,
    facts: judged.facts,
    ...(judged.picture === undefined ? {} : { picture: judged.picture }),
    times: [],
    rounds: Math.max(1, judgements.length),
    screenshots: screenshotsIn(judgements.at(-1)?.observations ?? []),
  };
}

/** When a run ended; one that is judged from a recording ended when that did. */
const endOf = ({ replay, judgements }: Outcome): string =>
  (replay === true ? judgements.at(-1)?.observations.at(-1)?.at : undefined) ?? new Date().toISOString();

/** A daemon that settings keep from coming up makes a cluster broken, whatever the specs could still see. */
function verdictOf({ error, provisioned }: Outcome, judged: Verdict | undefined): Verdict {
  if (judged === "broken" || (provisioned?.failures.length ?? 0) > 0) return "broken";
  if (error !== undefined) return troubleOf(error).code === codeOf("broken") ? "broken" : "not judged";
  return judged ?? "not judged";
}
