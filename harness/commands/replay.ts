import { join } from "node:path";
import { BadConfiguration } from "../errors.ts";
import { components } from "../judge/cluster.ts";
import { knownFrom } from "../judge/known.ts";
import { provisioningFailures } from "../judge/provisioning-failures.ts";
import { replay as replayed } from "../judge/replay.ts";
import { typedPath } from "../paths.ts";
import { givenFiles } from "../provision/given.ts";
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
      const known = await knownFrom(session.lab, session.templates);
      const failures = provisioningFailures(
        session.provisioned?.failures ?? [],
        components,
        session.lab.machines,
      );
      const files = await givenFiles(session.lab, session.templates);
      for (const observations of recordings) {
        outcome.judgements.push(
          await replayed(session.lab, observations, {
            grep: text(typed, "grep"),
            signal,
            known,
            failures,
            files,
          }),
        );
      }
      return [undefined, countsOf(outcome.judgements.at(-1)?.specs ?? [])];
    });
    return (await conclude({ session, progress }, outcome, join(folder, "replay"))).exitCode;
  },
};
