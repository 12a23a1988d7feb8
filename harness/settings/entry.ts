import type { Setting } from "./setting.ts";
import type { Range } from "./traced-text.ts";

/** One setting as its file's reader finds it in a rendered text. */
export interface Entry {
  key: string;
  flag?: string;
  value: string;
  state: Setting["state"];
  /** Where it begins; its line is the setting's. */
  at: number;
  /** The characters that make it what it is: its key, its sign and its value. */
  ranges: readonly Range[];
  /** The characters it shares with others: the heading it stands under, the keys above it. */
  within?: readonly Range[];
}

/** What is odd about a text, seen where it is read. */
export interface Remark {
  severity: "refused" | "warning";
  message: string;
  hint: string;
  at: number;
  /** What it concerns; nothing where the line sets nothing at all. */
  about: readonly Entry[];
}

/** A text as its reader takes it. */
export interface Parsed {
  entries: Entry[];
  remarks: Remark[];
  /** The characters of no effect: comments, blanks, quoting, punctuation. */
  idle: Range[];
}

/** A line of a text, without its end. */
export interface Line {
  text: string;
  start: number;
  /** From 1. */
  number: number;
}

/**
 * A text's lines.
 * @param returns whether a carriage return before a line's end belongs to the line, as for a shell it does
 */
export function linesOf(text: string, returns = false): Line[] {
  let start = 0;
  return text.split("\n").map((whole, index) => {
    const line = { text: returns ? whole : whole.replace(/\r$/, ""), start, number: index + 1 };
    start += whole.length + 1;
    return line;
  });
}

/** The characters of a line and its end that ranges leave over. */
function gaps(
  text: string,
  ranges: readonly Range[],
  within: Range = { start: 0, end: text.length },
): Range[] {
  const left: Range[] = [];
  let from = within.start;
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start > from) left.push({ start: from, end: Math.min(start, within.end) });
    from = Math.max(from, end);
  }
  if (from < within.end) left.push({ start: from, end: within.end });
  return left;
}

/** The characters that no entry has. */
export const idleOf = (text: string, entries: readonly Entry[], more: readonly Range[] = []): Range[] =>
  gaps(text, [...entries.flatMap(({ ranges, within = [] }) => [...ranges, ...within]), ...more]);

/** Marks each entry that a later one with the same key and flag puts out of effect. */
export function laterWins(entries: Entry[], isList: (entry: Entry) => boolean = () => false): Entry[] {
  const name = ({ key, flag = "" }: Entry): string => `${key}\0${flag}`;
  const last = new Map(entries.filter(({ state }) => state === "set").map((entry) => [name(entry), entry]));
  return entries.map((entry) =>
    entry.state === "set" && last.get(name(entry)) !== entry && !isList(entry)
      ? { ...entry, state: "overridden" as const }
      : entry,
  );
}
