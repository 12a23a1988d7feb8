import { join } from "node:path";
import { chosenLab } from "../begin/begin.ts";
import { foreseen, warningLines } from "../begin/check.ts";
import { foreseenPlacement, packageServer } from "../begin/rehearse.ts";
import { renderAll } from "../begin/render.ts";
import { exitCode } from "../errors.ts";
import { hostDriver } from "../machines/kvm.ts";
import { newRun } from "../machines/label.ts";
import { reports } from "../paths.ts";
import { refuseBadPlaces } from "../places.ts";
import { Progress } from "../report/progress.ts";
import { explained, shared, text, type Command } from "./command.ts";

/** Renders everything a run would put anywhere; prepares nothing, and brings nothing up. */
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
      progress.announce,
    );
    progress.announce(`lab ${choice.lab.name}: ${choice.chosen}`);
    if (choice.told !== undefined) progress.announce(choice.told);
    for (const line of warningLines(choice.warnings)) progress.announce(line);
    refuseBadPlaces(choice.lab.name);
    const { label, id } = newRun(choice.lab.name);
    const startedAt = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
    const folder = join(reports, `${startedAt}-${choice.lab.name}-${id}`);
    const lab = foreseen(choice.lab, packageServer(choice.lab));
    const placement = { ...foreseenPlacement(lab, label, folder), driver: (await hostDriver()).driver };
    const count = await renderAll(lab, placement, choice.templates, folder);
    progress.announce(`rendered: ${count} files for ${lab.machines.length} machines in ${folder}/rendered`);
    progress.announce(
      "what a run finds out is not in them: the box's version, and fingerprints of prepared keys",
    );
    return exitCode.works;
  },
};
