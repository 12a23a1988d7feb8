import { exitCode, LabNotBuilt } from "../errors.ts";
import { hostLibvirt } from "../host/occupied.ts";
import { loadLab } from "../lab/load.ts";
import { asHook, loadClean } from "../begin/hooks.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { lockLab } from "../machines/lock.ts";
import { reap } from "../machines/reaper.ts";
import { findRuns, holderOf } from "../machines/runs.ts";
import { takeDown } from "../machines/down.ts";
import { labsWithState, readState, removeState } from "../machines/state.ts";
import { hostUri } from "../machines/virsh.ts";
import { home, labHome } from "../paths.ts";
import { ownRoom } from "../places.ts";
import { removeWorld } from "../world/remove.ts";
import { print } from "../visible.ts";
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
    const kept = await labsWithState();
    // A lab that was left up is known by its name alone: its file may have moved since.
    const wanted = asked === undefined || kept.includes(asked) ? undefined : await loadLab(asked);
    const names = asked === undefined ? kept : [wanted?.name ?? asked];
    for (const name of names) await readState(name); // one that is damaged is told before anything is touched
    const libvirt = await hostLibvirt();
    const told: string[] = [];
    const tell = (line: string) => {
      told.push(line);
      print(line);
    };
    for (const line of await reap(libvirt)) tell(`removed what a run that died had left: ${line}`);
    for (const name of names) {
      const state = await readState(name);
      if (state === undefined) continue;
      await using _lock = await lockLab(name, state.label);
      await removeWorld(state.label, labHome(name));
      if (state.world === undefined) await takeDown(state.label, { uri: state.uri });
      await removeState(name);
      tell(`${state.label}: taken down`);
    }
    for (const run of await findRuns(libvirt)) {
      const { who, mend } = await holderOf(run);
      tell(`not touched: ${who}; ${mend}`);
    }
    if (wanted?.isolation === "host" && libvirt === undefined) {
      throw new LabNotBuilt({
        message: `libvirt does not answer at ${hostUri()}: what runs have left in it is not known`,
        hint: `npm run lab -- doctor --lab ${wanted.file}`,
      });
    }
    if (told.length === 0) print("nothing was left up, nor by a run that died");
    if (emptied !== undefined && existsSync(join(home, "testbed"))) {
      const cache = await ownRoom("testbed");
      await asHook(emptied.hooks?.clean ?? "", signal, async () =>
        clean?.({ lab: emptied, cache, say: print, signal }),
      );
    }
    return exitCode.works;
  },
};
