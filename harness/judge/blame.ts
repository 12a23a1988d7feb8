import type { SettingLine } from "../render/setting-line.ts";
import type { Setting } from "../report/results/spec.ts";

interface Evidence {
  /** What the daemons' logs say. */
  log: readonly string[];
  /** What was expected, and what was seen in its place. */
  expected: string;
  saw: string;
}

interface Governing {
  /** The settings' names, the likeliest first, from `judge/settings.ts`. */
  names: readonly string[];
  /** The machines whose lines can be it. */
  machines: readonly string[];
  /** The units behind it. */
  units: readonly string[];
}

/** What a setting that is governing anyway is worth before any evidence, and how much less each further name is. */
const prior = { first: 3, step: 0.4, least: 1 };
/** What a word that only one setting has is worth, in a log and in what was seen. */
const worth = { log: 4, saw: 3 };
/** A line that no one named is blamed only for words that are as good as its own. */
const unnamed = 3;

/**
 * The settings that a failure is likeliest about, the likeliest first: those it is governed by, moved by what the logs
 * and the last look have in common with one setting and not with others: a flag, a path, an address with its port.
 */
export function likeliest(
  lines: readonly SettingLine[],
  { names, machines, units }: Governing,
  { log, expected, saw }: Evidence,
): Setting[] {
  const here = lines.filter(({ machine }) => machines.includes(machine));
  // What no line here sets is set elsewhere: a manifest lies on the master.
  const elsewhere = names.filter((name) => !here.some((line) => isNamed(line, name)));
  const there = lines.filter((line) => here.includes(line) || elsewhere.some((name) => isNamed(line, name)));
  const words = there.map(({ text }) => wordsIn(text));
  const holders = new Map<string, number>();
  for (const word of words.flatMap((set) => [...set])) holders.set(word, (holders.get(word) ?? 0) + 1);
  const wanted = wordsIn(expected);
  const logged = wordsIn(log.join("\n"));
  const seen = new Set([...wordsIn(saw)].filter((word) => !wanted.has(word)));
  const scored = there.map((line, at) => {
    const rank = names.findIndex((name) => isNamed(line, name));
    const base = rank < 0 ? 0 : Math.max(prior.least, prior.first - rank * prior.step);
    let found = 0;
    for (const word of words[at] ?? []) {
      const share = 1 / Math.max(1, (holders.get(word) ?? 1) / machinesWith(line, there));
      if (has(logged, word)) found = Math.max(found, worth.log * share);
      if (has(seen, word)) found = Math.max(found, worth.saw * share);
    }
    const own = line.restarts.some((unit) => units.includes(unit)) ? 0.5 : 0;
    return { line, rank, score: base + found + own, found };
  });
  const blamed = scored
    .filter(({ rank, found }) => rank >= 0 || found >= unnamed)
    .sort((one, other) => other.score - one.score);
  const settings = blamed.map(({ line }) => settingOf(line, names));
  return settings.filter(
    (setting, at) =>
      settings.findIndex(({ file, line }) => file === setting.file && line === setting.line) === at,
  );
}

/** On how many machines the same line stands: it is one setting all the same. */
const machinesWith = ({ file, line }: SettingLine, all: readonly SettingLine[]): number =>
  all.filter((other) => other.file === file && other.line === line).length;

/** Whether a line sets what is named; a manifest's setting is named with its object: "frontend: GET_HOSTS_FROM". */
export const isNamed = (
  { name, text, of }: Pick<SettingLine, "name" | "text" | "of">,
  wanted: string,
): boolean =>
  of !== undefined && wanted.startsWith(`${of}: `)
    ? isNamed({ name, text }, wanted.slice(of.length + 2))
    : name === wanted || new RegExp(`(?<![\\w-])${escaped(wanted)}(?![\\w-])`).test(text);

function settingOf(
  { machine, file, line, name, text, of, path }: SettingLine,
  names: readonly string[],
): Setting {
  const wanted = names.find((one) => isNamed({ name: undefined, text, of }, one));
  return {
    file,
    line,
    name: wanted ?? name ?? text.split(/\s/)[0] ?? text,
    value: text,
    machine,
    ...(path === undefined ? {} : { path }),
  };
}

/** Words that can tell one setting from another: flags, paths, addresses, and names of four letters or more. */
function wordsIn(text: string): Set<string> {
  const found = text.matchAll(
    /--?[a-z][\w-]+|(?:\d{1,3}\.){3}\d{1,3}(?::\d+|\/\d+)?|(?:\/[\w.-]+)+|[A-Za-z][\w.:-]{2,}[\w]|\b\d{4,5}\b/g,
  );
  return new Set([...found].map(([word]) => word.replace(/^-+/, "--").replaceAll("_", "-")));
}

/** Daemons name an etcd key's or a file's folder where they do not get to the whole path. */
const has = (words: ReadonlySet<string>, word: string): boolean =>
  words.has(word) ||
  (word.startsWith("/") &&
    [...words].some((one) => one.length > 4 && one.startsWith("/") && word.startsWith(`${one}/`)));

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
