import type { Daemon, Setting } from "../settings/setting.ts";
import type { Candidate, Known, Testimony } from "./evidence.ts";
import { mentionOf, namesFlag } from "./mention.ts";
import { shownBy, valuesSeen } from "./seen.ts";

/** One line is one candidate, on however many machines it came out; a list that is written on several lines is one, too. */
const placeOf = ({ kind, source, key }: Setting): string =>
  kind === "unit" ? `${source.file} ${listed(key)}` : `${source.file}:${source.line}`;

/** A key that is written several times is a list, and numbered from the second on. */
const listed = (key: string): string => key.replace(/ \d+$/, "");

/** A setting as a candidate prints it. */
export function nameOf({ kind, key, source }: Setting): string {
  if (kind === "step") return source.text.trim();
  return kind === "unit" ? listed(key) : key;
}

/** The lines that set something in reach, each with what it came to on each machine. */
export function candidatesFrom(settings: readonly Setting[]): Candidate[] {
  const found = new Map<string, Candidate & { settings: Setting[] }>();
  for (const setting of settings) {
    const place = placeOf(setting);
    const known = found.get(place);
    if (known !== undefined) {
      known.settings.push(setting);
      continue;
    }
    const { file, line, text } = setting.source;
    found.set(place, {
      name: nameOf(setting),
      file,
      line,
      text: text.trim(),
      settings: [setting],
      evidence: [],
    });
  }
  return [...found.values()];
}

/**
 * Notes on each candidate what the daemons' words and the looks say of it.
 * @param isServed whether a setting is the address of a server that works
 */
export function hear(
  candidates: readonly Candidate[],
  { looks, units, namesOf }: Testimony,
  isServed: (setting: Setting) => boolean,
): void {
  for (const candidate of candidates) {
    const set = candidate.settings.filter(({ state }) => state === "set");
    for (const { machine, unit, log } of units) {
      for (const line of log) {
        const at = set.find((setting) => mentionOf(line, setting) !== undefined);
        const mention = at && mentionOf(line, at);
        // A server that works was not there yet when the daemon said so.
        if (at === undefined || mention === undefined || (mention === "value" && isServed(at))) continue;
        const direct =
          mention !== "folder" ||
          isOnlyOne(candidates, (other) => other.some((one) => mentionOf(line, one) === "folder"));
        note(candidate, "words", direct, `${machine} ${unit} says "${line}"`);
      }
    }
    for (const look of looks) {
      const at = set.find((setting) => shownBy(look, setting, namesOf) !== undefined);
      const shown = at && shownBy(look, at, namesOf);
      if (at !== undefined) candidate.name = nameOf(at);
      if (shown !== undefined) note(candidate, "seen", true, `${shown} was seen: ${look.label}`);
      if (set.some(({ key }) => isKeyIn(look.label, key))) {
        note(candidate, "seen", true, `${look.label} is what it sets`);
      }
    }
  }
}

const isOnlyOne = (
  candidates: readonly Candidate[],
  test: (settings: readonly Setting[]) => boolean,
): boolean => candidates.filter(({ settings }) => test(settings)).length === 1;

const isKeyIn = (label: string, key: string): boolean => {
  const last = key.replace(/^\[[^\]]*\] /, "");
  return last.length > 5 && /[._]/.test(last) && label.includes(last);
};

/**
 * What no line sets, where the default that rules instead was seen or a daemon asks for it by name: a line that was
 * dropped, commented out or misspelt.
 */
export function unsetIn(
  testimony: Testimony,
  inReach: readonly Setting[],
  { daemons, settings }: Pick<Known, "daemons" | "settings">,
): Candidate[] {
  return testimony.units.flatMap(({ machine, unit, log }) => {
    const daemon = daemons.find((one) => one.unit === unit);
    if (daemon === undefined) return [];
    const own = inReach.filter((setting) => setting.machine === machine);
    const isSet = (flag: string) =>
      own.some(
        (setting) => setting.state === "set" && setting.flag !== undefined && sameFlag(setting.flag, flag),
      );
    return [...daemon.flags].flatMap(([flag, { default: rules }]): Candidate[] => {
      if (isSet(flag)) return [];
      const words = log.find((line) => namesFlag(line, `--${flag}`));
      const seen =
        rules.length > 3 && testimony.looks.some((look) => valuesSeen(look, testimony.namesOf).has(rules));
      if (words === undefined && !seen) return [];
      const candidate = unset(flag, rules, daemon, machine, settings);
      if (words !== undefined) note(candidate, "words", true, `${machine} ${unit} says "${words}"`);
      if (seen) note(candidate, "seen", true, `its default, ${rules}, was seen`);
      return [candidate];
    });
  });
}

const sameFlag = (one: string, other: string): boolean =>
  one.replace(/^-+/, "").replaceAll("_", "-") === other.replace(/^-+/, "").replaceAll("_", "-");

/** The place where a flag would be set: the commented line that has it, else the file of its daemon that comes last. */
function unset(
  flag: string,
  rules: string,
  daemon: Daemon,
  machine: string,
  settings: readonly Setting[],
): Candidate {
  const files = settings.filter(
    ({ machine: on, path }) => on === machine && path !== undefined && daemon.environmentFiles.includes(path),
  );
  const commented = files.find(
    (setting) =>
      setting.state === "commented" && (sameFlag(setting.flag ?? "", flag) || setting.value.includes(flag)),
  );
  const at = commented ?? files.at(-1);
  return {
    name: `--${flag}`,
    file: at?.source.file ?? daemon.environmentFiles.at(-1) ?? daemon.unit,
    line: commented?.source.line,
    text: `no line sets it${rules === "" ? "" : `, so its default rules: ${rules}`}`,
    settings: at === undefined ? [] : [at],
    evidence: [],
  };
}

/** Adds evidence once. */
export function note(
  { evidence }: Candidate,
  kind: Candidate["evidence"][number]["kind"],
  direct: boolean,
  text: string,
): void {
  if (evidence.some((one) => one.text === text)) return;
  evidence.push({ kind, strength: direct ? "direct" : "circumstantial", text });
}
