import type { Entry, Line, Parsed, Remark } from "../entry.ts";
import { idleOf, laterWins, linesOf } from "../entry.ts";
import { twice } from "./ini.ts";

/** What one line of a file sets; undefined where it sets nothing. */
type Reader = (line: Line, text: string) => (Omit<Entry, "state" | "at"> & { at?: number })[] | undefined;

const parsed = (text: string, entries: Entry[], remarks: Remark[]): Parsed => ({
  entries,
  remarks,
  idle: idleOf(text, entries),
});

/** The part of a line that a pattern's group matches, as a range of the text. */
const part = (line: Line, indices: [number, number] | undefined): { start: number; end: number } => ({
  start: line.start + (indices?.[0] ?? 0),
  end: line.start + (indices?.[1] ?? 0),
});

/** A file that is read line by line, in which comments begin with one of a few signs. */
function byLine(text: string, sign: RegExp, expected: string, reader: Reader): Parsed {
  const entries: Entry[] = [];
  const remarks: Remark[] = [];
  for (const line of linesOf(text)) {
    if (line.text.trim() === "") continue;
    const comment = sign.exec(line.text)?.[0];
    if (comment === undefined) {
      const set = reader(line, text);
      for (const entry of set ?? []) entries.push({ at: line.start, ...entry, state: "set" });
      if (set !== undefined) continue;
      remarks.push({
        severity: "warning",
        at: line.start,
        message: `expected ${expected}, saw \`${line.text.trim()}\`, which sets nothing`,
        hint: "comments begin with #",
        about: [],
      });
      continue;
    }
    const rest = { ...line, text: line.text.slice(comment.length), start: line.start + comment.length };
    for (const entry of reader(rest, text) ?? [])
      entries.push({ at: rest.start, ...entry, state: "commented" });
  }
  return parsed(text, entries, remarks);
}

/** Kernel settings, as sysctl.d(5) says: `/` for `.` in names, a leading `-` for those that may be missing. */
export function parseSysctl(text: string): Parsed {
  const { entries, remarks } = byLine(text, /^\s*[#;]\s*/, "NAME = value", (line) => {
    const found = /^\s*-?\s*([\w./*-]+)\s*(=)\s*(.*?)\s*$/d.exec(line.text);
    if (found === null) return undefined;
    const [, name = "", , value = ""] = found;
    const first = /[./]/.exec(name)?.[0];
    const ranges = [1, 2, 3].map((group) => part(line, found.indices?.[group]));
    return [{ key: first === "/" ? swapped(name) : name, value, ranges }];
  });
  const settled = laterWins(entries);
  return parsed(text, settled, [...remarks, ...twice(settled)]);
}

const swapped = (name: string): string => name.replace(/[./]/g, (sign) => (sign === "/" ? "." : "/"));

/** Kernel modules loaded at boot, one a line: modules-load.d(5). */
export const parseModules = (text: string): Parsed =>
  byLine(text, /^\s*[#;]\s*/, "a module's name", (line) => {
    const found = /^\s*([\w-]+)\s*$/d.exec(line.text);
    if (found?.[1] === undefined) return undefined;
    return [{ key: found[1], value: found[1], ranges: [part(line, found.indices?.[1])] }];
  });

/** Names of addresses: hosts(5). */
export const parseHosts = (text: string): Parsed =>
  byLine(text, /^\s*#\s*/, "an address and a name", (line) => {
    const [written = ""] = line.text.split("#");
    const words = [...written.matchAll(/\S+/g)];
    const [address, ...names] = words;
    if (address === undefined || names.length === 0 || !/^[0-9a-f.:]+$/i.test(address[0])) return undefined;
    if (!/[.:]/.test(address[0])) return undefined;
    const range = ({ index, 0: word }: RegExpExecArray): { start: number; end: number } =>
      part(line, [index, index + word.length]);
    return names.map((name) => ({
      key: `${address[0]} ${name[0]}`,
      value: address[0],
      at: range(address).start,
      ranges: [range(address), range(name)],
    }));
  });

/** A file whose reader is not known: each line that is no comment. */
export const parseLines = (text: string): Parsed =>
  parsed(
    text,
    linesOf(text).flatMap((line): Entry[] => {
      const value = line.text.trim();
      if (value === "" || value.startsWith("#")) return [];
      const at = line.start + line.text.indexOf(value);
      const ranges = [{ start: at, end: at + value.length }];
      return [{ key: `line ${line.number}`, value, state: "set", at, ranges }];
    }),
    [],
  );
