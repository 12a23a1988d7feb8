import { begin, chosenLab } from "../begin/begin.ts";
import { exitCode } from "../errors.ts";
import { newRun } from "../machines/label.ts";
import { lockLab } from "../machines/lock.ts";
import { refuseBadPlaces } from "../places.ts";
import { Progress } from "../report/progress.ts";
import { explained, shared, text, type Command } from "./command.ts";

/** Renders everything a run would put anywhere, and brings nothing up. */
export const render: Command = {
  name: "render",
  summary: "write the Vagrantfile and every machine's files into reports/RUN/rendered",
  usage: "[--lab LAB] [--templates DIR]",
  options: { lab: shared.lab, daemons: shared.daemons, templates: shared.templates },
  explain: explained,
  words: 0,
  async execute(typed, signal) {
    const progress = new Progress();
    const choice = await chosenLab(
      {
        lab: text(typed, "lab"),
        daemons: text(typed, "daemons"),
        templates: text(typed, "templates"),
        standard: "stand-ins",
      },
      signal,
    );
    progress.announce(`lab ${choice.lab.name}: ${choice.chosen}`);
    refuseBadPlaces(choice.lab.name);
    const run = newRun(choice.lab.name);
    await using _lock = await lockLab(choice.lab.name, run.label);
    const { folder } = await begin(choice, run, progress, signal);
    progress.announce(`rendered: ${folder}/rendered`);
    return exitCode.works;
  },
};
