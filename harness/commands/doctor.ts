import { loadPrepare } from "../begin/hooks.ts";
import { exitCode } from "../errors.ts";
import { chooseLab } from "../host/choose.ts";
import { doctorFor } from "../host/doctor.ts";
import { loadLab } from "../lab/load.ts";
import { explained, shared, text, type Command } from "./command.ts";

/** Tells what this host has and lacks for a lab, with the command that mends it. */
export const doctor: Command = {
  name: "doctor",
  summary: "what this host has and lacks for a lab, and what mends it; exit 0 when the lab can run",
  usage: "[--lab LAB]",
  options: { lab: shared.lab },
  explain: explained,
  words: 0,
  async execute(typed) {
    const lab = await loadLab(text(typed, "lab") ?? (await chooseLab()).name);
    const needs = lab.hooks === undefined ? [] : (await loadPrepare(lab.hooks.prepare)).needs;
    const findings = await doctorFor(lab, needs);
    console.log(`lab ${lab.name}: ${lab.summary}`);
    for (const { found, what, why, mend } of findings) {
      const mark = { yes: "✓", no: "✗", unproved: "?" }[found];
      console.log(`${mark} ${what}: ${why}${mend === undefined ? "" : `\n    mend: ${mend}`}`);
    }
    return findings.some(({ found }) => found === "no") ? exitCode.notJudged : exitCode.works;
  },
};
