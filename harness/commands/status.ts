import { exitCode } from "../errors.ts";
import { hostLibvirt, leftBy } from "../host/occupied.ts";
import { loadLab } from "../lab/load.ts";
import { parseLabel } from "../machines/label.ts";
import { labHolder } from "../machines/lock.ts";
import { findRuns, holderOf, isBelow } from "../machines/runs.ts";
import { labsWithState, readState } from "../machines/state.ts";
import { labHome } from "../paths.ts";
import { readSession } from "../session.ts";
import { print } from "../visible.ts";
import { explained, shared, text, type Command } from "./command.ts";

/** Tells which labs are up, since when, and who is working on them. */
export const status: Command = {
  name: "status",
  summary: "which labs are up, and who holds them",
  usage: "[--lab LAB]",
  options: { lab: shared.lab },
  explain: explained,
  words: 0,
  async execute(typed) {
    const kept = await labsWithState();
    const lab = text(typed, "lab");
    const asked = lab === undefined || kept.includes(lab) ? lab : (await loadLab(lab)).name;
    const names = new Set([...(asked === undefined ? ["centos7", "embedded"] : [asked]), ...kept]);
    for (const name of names) {
      const state = await readState(name);
      const holder = await labHolder(labHome(name));
      if (holder !== undefined)
        print(`${name}: held by pid ${holder.pid} (${holder.command}) since ${holder.startedAt}`);
      if (state === undefined) {
        if (holder === undefined) print(`${name}: down`);
        continue;
      }
      const { lab, startedAt } = await readSession(state.folder);
      print(`${name}: ${state.stage} as ${state.label}, started ${startedAt}, report in ${state.folder}`);
      for (const { name: machine, role, address } of lab.machines)
        print(`  ${machine.padEnd(10)} ${role.padEnd(7)} ${address}`);
    }
    for (const run of await findRuns(await hostLibvirt())) {
      if (run.standing === "dead") print(`left over: ${leftBy(run)}; ${(await holderOf(run)).mend}`);
      else if (!names.has(parseLabel(run.label)?.lab ?? "") || !isBelow(run.owner.home))
        print(`also: ${(await holderOf(run)).who}`);
    }
    return exitCode.works;
  },
};
