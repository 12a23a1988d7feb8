import { exitCode } from "../errors.ts";
import { loadLab } from "../lab/load.ts";
import { loadClean } from "../begin/hooks.ts";
import { join } from "node:path";
import { lockLab } from "../machines/lock.ts";
import { reap } from "../machines/reaper.ts";
import { takeDown } from "../machines/down.ts";
import { labsWithState, readState, removeState } from "../machines/state.ts";
import { home, labHome } from "../paths.ts";
import { removeWorld } from "../world/remove.ts";
import { labNamed } from "./lab-command.ts";
import { explained, flag, shared, text, type Command } from "./command.ts";

/** Takes a lab down that was left up, with what runs that died have left; asks nobody, touches nothing unlabelled. */
export const destroy: Command = {
  name: "destroy",
  summary: "take down the lab that was left up, and what dead runs have left",
  usage: "[--lab LAB] [--cache]",
  options: { lab: shared.lab, cache: { type: "boolean" } },
  explain: {
    ...explained,
    lab: "the lab; every lab that was left up without it",
    cache: "remove what was prepared for it, too",
  },
  words: 0,
  async execute(typed, signal) {
    const asked = text(typed, "lab");
    const emptied = flag(typed, "cache") ? await loadLab(asked ?? "embedded") : undefined;
    const clean = emptied === undefined ? undefined : await loadClean(emptied);
    const names = asked === undefined ? await labsWithState() : [await labNamed(asked)];
    for (const name of names) {
      const state = await readState(name);
      if (state === undefined) continue;
      await using _lock = await lockLab(name, state.label);
      if (state.world !== undefined) await removeWorld(state.label, labHome(name));
      else await takeDown(state.label, { uri: state.uri });
      await removeState(name);
      console.log(`${state.label}: taken down`);
    }
    for (const line of await reap()) console.log(`removed what a run that died had left: ${line}`);
    if (emptied !== undefined)
      await clean?.({ lab: emptied, cache: join(home, "testbed"), say: console.log, signal });
    return exitCode.works;
  },
};
