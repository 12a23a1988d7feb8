import { BadConfiguration } from "../errors.ts";
import { titlesFor } from "../judge/titles.ts";
import { pattern, type Arguments } from "./command.ts";
import type { Before } from "./lab-command.ts";

/** Refuses a pattern that no spec of the lab matches: nothing would be judged. @throws BadConfiguration */
export const refuseNoSpec =
  (typed: Arguments): Before =>
  async (lab) => {
    const grep = pattern(typed);
    if (grep === undefined || (await titlesFor(lab, grep)).length > 0) return;
    const groups = [...new Set((await titlesFor(lab)).map((title) => title.split(" ")[0] ?? ""))];
    throw new BadConfiguration({
      message: `--grep: expected a pattern that a spec's title matches, no spec matches ${String(grep)}`,
      hint: `titles begin with ${groups.join(", ")}; --grep /flannel/i takes upper and lower case alike`,
    });
  };
