// Works until it is told to stop, and then cleans up with many words: what a run does, in small.
import { writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { answerForEverything, end, tell } from "../../../harness/faults.mjs";
import { interruption } from "../../../harness/interruption.ts";
import { Progress } from "../../../harness/report/progress.ts";

const [cleaned = ""] = process.argv.slice(2);
answerForEverything();
const signal = interruption();
const progress = new Progress();

async function work(): Promise<number> {
  try {
    return await progress.stage("work", async (say) => {
      for (let round = 0; ; round++) {
        say(`round ${round}`);
        if (round === 0) progress.announce("begun");
        await setTimeout(20, undefined, { signal });
      }
    });
  } finally {
    for (let part = 1; part <= 50; part++) {
      progress.announce(`cleaning up part ${part}`);
      console.error(`part ${part} is gone`);
      await setTimeout(5);
    }
    await writeFile(cleaned, "all of it");
  }
}

await end(await work().catch(() => tell(signal.reason)));
