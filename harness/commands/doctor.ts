import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { exitCode } from "../errors.ts";
import { chooseLab } from "../host/choose.ts";
import { doctorFor } from "../host/doctor.ts";
import { canRun, listed } from "../host/finding.ts";
import { requirementsIn } from "../host/requirements.ts";
import { loadLab } from "../lab/load.ts";
import { project } from "../paths.ts";
import { print } from "../visible.ts";
import { explained, shared, text, type Command } from "./command.ts";

/** Tells what this host has and lacks for a lab, or for each of ours, with the command that mends it. */
export const doctor: Command = {
  name: "doctor",
  summary: "what this host has and lacks for a lab, and what mends it; exit 0 when the lab can run",
  usage: "[--lab LAB]",
  options: { lab: shared.lab },
  explain: explained,
  words: 0,
  async execute(typed) {
    const asked = text(typed, "lab");
    if (asked !== undefined) {
      const { lines, fit } = await examine(asked);
      print(lines.join("\n"));
      return fit ? exitCode.works : exitCode.notJudged;
    }
    const names = await labs();
    const [choice, ...examined] = await Promise.all([chooseLab(), ...names.map(examine)]);
    for (const { lines } of examined) print(`${lines.join("\n")}\n`);
    print(`without --lab, a run takes ${choice.name}: ${choice.why}`);
    return examined[names.indexOf(choice.name)]?.fit === true ? exitCode.works : exitCode.notJudged;
  },
};

/** Our labs, by their files' names. */
const labs = async (): Promise<string[]> =>
  (await readdir(join(project, "labs")))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .sort();

async function examine(name: string): Promise<{ lines: string[]; fit: boolean }> {
  const lab = await loadLab(name);
  const needs = lab.hooks?.packages === undefined ? [] : await requirementsIn(lab.hooks.packages);
  const findings = await doctorFor(lab, needs);
  const fit = canRun(findings);
  const verdict = fit ? "can run here" : "cannot run here yet";
  return {
    lines: [`lab ${lab.name}: ${lab.summary}`, ...listed(findings), `lab ${lab.name} ${verdict}`],
    fit,
  };
}
