import { join } from "node:path";
import { BadConfiguration } from "../errors.ts";
import { foreknownFrom } from "../judge/foreknown.ts";
import { replay as replayed } from "../judge/replay.ts";
import { typedPath } from "../paths.ts";
import { settingLines } from "../provision/lines.ts";
import { countsOf } from "../report/counts.ts";
import { Progress } from "../report/progress.ts";
import { readRecordings } from "../report/recording.ts";
import { readSession } from "../session.ts";
import { explained, shared, text, type Command } from "./command.ts";
import { conclude, type Outcome } from "./verdict.ts";

/** Judges a run again from its recording. */
export const replay: Command = {
  name: "replay",
  summary: "judge a run again from its recording, with no machine; the reports go to RUN/replay",
  usage: "reports/RUN [--grep TEXT]",
  options: { grep: shared.grep },
  explain: explained,
  words: 1,
  async execute(typed, signal) {
    const [given] = typed.positionals;
    if (given === undefined) {
      throw new BadConfiguration({
        message: "replay: expected a run's folder, saw none",
        hint: "reports/ has them",
      });
    }
    const folder = typedPath(given);
    const progress = new Progress();
    const session = { ...(await readSession(folder)), stages: [], folder };
    const outcome: Outcome = { judgements: [], replay: true };
    const recordings = await readRecordings(folder);
    await progress.stage("replay", async () => {
      const lines = await settingLines(session.lab, session.templates);
      const foreknown = foreknownFrom(session.provisioned?.failures ?? [], session.lab.master.name);
      for (const observations of recordings) {
        outcome.judgements.push(
          await replayed(session.lab, observations, {
            grep: text(typed, "grep"),
            signal,
            settingLines: lines,
            foreknown,
          }),
        );
      }
      return [undefined, countsOf(outcome.judgements.at(-1)?.specs ?? [])];
    });
    return (await conclude({ session, progress }, outcome, join(folder, "replay"))).exitCode;
  },
};
