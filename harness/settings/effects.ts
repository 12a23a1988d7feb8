import type { Setting } from "./setting.ts";

/** What settings come to in one place of one machine: comments, quoting, and order that means nothing are left out. */
export interface Effect {
  machine: string;
  kind: Setting["kind"];
  path: string | undefined;
  /** As in a setting, without its number where there are several: `[Service] EnvironmentFile`, `step x`. */
  key: string;
  flag: string | undefined;
  /** One value; or all of a list, or the lines of a script, in their order. */
  values: readonly string[];
  /** What sets it, one for each value. */
  settings: readonly Setting[];
}

/** Kinds in which a key that comes again is numbered. */
const numbered = new Set<Setting["kind"]>(["unit", "ini", "vagrantfile"]);

/** A key without what only says which of several it is. */
function keyOf({ kind, key }: Setting): string {
  if (/(^|: )line \d+$/.test(key)) return key.replace(/(: )?line \d+$/, "");
  return numbered.has(kind) ? key.replace(/ \d+$/, "") : key;
}

/** What tells one effect from the others. */
export const placeOf = ({
  machine,
  kind,
  path = "",
  key,
  flag = "",
}: Omit<Effect, "values" | "settings">): string => [machine, kind, path, key, flag].join("\0");

/** What settings come to, by place. */
export function effectsOf(settings: readonly Setting[]): Map<string, Effect> {
  const effects = new Map<string, Effect>();
  for (const setting of settings) {
    if (setting.state !== "set") continue;
    const { machine, kind, path, flag, value } = setting;
    const place = { machine, kind, path, key: keyOf(setting), flag };
    const same = effects.get(placeOf(place));
    effects.set(placeOf(place), {
      ...place,
      values: [...(same?.values ?? []), value],
      settings: [...(same?.settings ?? []), setting],
    });
  }
  return effects;
}
