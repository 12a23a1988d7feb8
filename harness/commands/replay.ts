import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { BadConfiguration, NotJudged } from "../errors.ts";
import { components } from "../judge/cluster.ts";
import { knownFrom } from "../judge/known.ts";
import { provisioningFailures } from "../judge/provisioning-failures.ts";
import { replay as replayed } from "../judge/replay.ts";
import { nearest } from "../lab/nearest.ts";
import { quotedName } from "../lab/problem.ts";
import { reports, standing, typedPath } from "../paths.ts";
import { sawInstead } from "../read.ts";
import { countsOf } from "../report/counts.ts";
import { Progress } from "../report/progress.ts";
import { readRecordings } from "../report/recording.ts";
import { readSession, sessionFile, type Session } from "../session.ts";
import { explained, pattern, shared, type Command } from "./command.ts";
import { refuseNoSpec } from "./grep.ts";
import { conclude, type Outcome } from "./verdict.ts";

/** The folder of a run that was named. @throws BadConfiguration where there is no run */
async function runFolder(given: string | undefined): Promise<string> {
  if (given === undefined) {
    throw new BadConfiguration({
      message: "replay: expected a run's folder, saw none",
      hint: await nearRuns(""),
    });
  }
  const folder = typedPath(given);
  const saw = await stat(folder).then(
    (seen) => (seen.isDirectory() ? undefined : "which is no folder"),
    (error: unknown) => sawInstead(error),
  );
  const isRun =
    saw === undefined &&
    (await stat(sessionFile(folder)).then(
      () => true,
      () => false,
    ));
  if (isRun) return folder;
  throw new BadConfiguration({
    message: `replay: expected a run's folder, saw ${quotedName(given)}, ${saw ?? "in which there is no session.json"}`,
    hint: await nearRuns(saw === undefined || saw === "which is no folder" ? dirname(folder) : folder),
  });
}

/** Which runs there are: the one that was meant, or the last ones. */
async function nearRuns(near: string): Promise<string> {
  const names = (await readdir(reports).catch((): string[] => []))
    .filter((name) => /^\d{4}-/.test(name))
    .sort();
  const shown = (name: string) => relative(standing(), join(reports, name));
  if (names.includes(basename(near))) return `did you mean ${shown(basename(near))}?`;
  const meant = nearest(basename(near), names);
  if (meant !== undefined) return `did you mean ${shown(meant)}?`;
  return names.length === 0
    ? "reports/ has none yet"
    : `the last ones are ${names.slice(-3).map(shown).join(", ")}`;
}

/** What the templates of a run set. @throws NotJudged where they are not as they were when it was judged */
async function templatesOf({ lab, templates }: Session) {
  try {
    return await knownFrom(lab, templates);
  } catch (cause) {
    if (!(cause instanceof BadConfiguration)) throw cause;
    throw new NotJudged({
      message: `expected the templates that the run was judged with in ${templates}, saw others`,
      details: [cause.message, "they were changed since, or another version of hardway-e2e wrote the run"],
      hint: "replay it with the hardway-e2e and the templates it was made with",
      cause,
    });
  }
}

/** Judges a run again from its recording. */
export const replay: Command = {
  name: "replay",
  summary: "judge a run again from its recording, with no machine; the reports go to RUN/replay",
  usage: "reports/RUN [--grep TEXT]",
  options: { grep: shared.grep },
  explain: explained,
  words: 1,
  takesPath: true,
  async execute(typed, signal) {
    const grep = pattern(typed);
    const folder = await runFolder(typed.positionals[0]);
    const hint = "a run of this version of hardway-e2e can be replayed";
    const session = { ...(await readSession(folder, hint)), stages: [], folder };
    await refuseNoSpec(typed)(session.lab);
    const recordings = await readRecordings(folder);
    const known = await templatesOf(session);
    const progress = new Progress();
    const outcome: Outcome = { judgements: [], replay: true };
    await progress.stage("replay", async () => {
      const failures = provisioningFailures(
        session.provisioned?.failures ?? [],
        components,
        session.lab.machines,
      );
      for (const { files, observations } of recordings) {
        outcome.judgements.push(
          await replayed(session.lab, observations, { grep, signal, known, failures, files }),
        );
      }
      return [undefined, countsOf(outcome.judgements.at(-1)?.specs ?? [])];
    });
    return (await conclude({ session, progress }, outcome, join(folder, "replay"))).exitCode;
  },
};
