import { nearest } from "../../lab/nearest.ts";
import type { Entry, Parsed, Remark } from "../entry.ts";
import { idleOf, laterWins, linesOf } from "../entry.ts";
import { repositoryOptions } from "./yum-options.ts";

const heading = /^\[([^\]]+)\]/;
const option = /^([^:=\s[][^:=]*?)\s*[:=]\s*(.*)$/;
const comment = /^([#;]|[rR][eE][mM] )/;

/** Text behind a blank and a semicolon is a comment (RawConfigParser's and iniparse's rule). */
const withoutComment = (value: string): string => value.replace(/\s;.*$/, "").trimEnd();

/**
 * A file of yum's, as Python's ini readers take it: `name=value` or `name: value` in sections; a line that begins with a
 * blank goes on with the value above it; names count in any case.
 */
export function parseIni(text: string): Parsed {
  const entries: Entry[] = [];
  const remarks: Remark[] = [];
  let section: { name: string; start: number; end: number } | undefined;
  let open: { entry: Entry; lines: number } | undefined;
  for (const line of linesOf(text)) {
    if (line.text.trim() === "") continue;
    const name = heading.exec(line.text)?.[1];
    if (name !== undefined) {
      section = { name, start: line.start, end: line.start + name.length + 2 };
      entries.push({ key: `[${name}]`, value: "", state: "set", at: line.start, ranges: [section] });
      open = undefined;
      continue;
    }
    if (comment.test(line.text)) {
      const [, sign = "", key, value = ""] = /^([#;]\s*)([a-z_]+)\s*=\s*(.*)$/.exec(line.text) ?? [];
      if (key === undefined || section === undefined) continue;
      const at = line.start + sign.length;
      const ranges = [{ start: at, end: line.start + line.text.length }];
      entries.push({ key: `[${section.name}] ${key}`, value, state: "commented", at, ranges });
      continue;
    }
    const lead = line.text.length - line.text.trimStart().length;
    const at = line.start + lead;
    if (lead > 0 && open !== undefined) {
      const value = withoutComment(line.text.slice(lead));
      open.lines++;
      entries.push({
        key: `${open.entry.key} ${open.lines}`,
        value,
        state: "set",
        at,
        ranges: [{ start: at, end: at + value.length }],
        within: [...(open.entry.within ?? []), ...open.entry.ranges.slice(0, 1)],
      });
      continue;
    }
    const [, key, written] = option.exec(line.text.trimStart()) ?? [];
    if (key === undefined || written === undefined || section === undefined) {
      remarks.push({
        severity: "warning",
        at,
        message: `expected [section] or NAME=value, saw \`${line.text.trim()}\``,
        hint: "yum refuses a file it cannot read; comments begin with #",
        about: [],
      });
      continue;
    }
    const value = withoutComment(written);
    const sign = line.start + line.text.indexOf(/[:=]/.exec(line.text)?.[0] ?? "=");
    const valueAt = value === "" ? at : line.start + line.text.indexOf(written, lead + key.length + 1);
    const entry: Entry = {
      key: `[${section.name}] ${key.toLowerCase()}`,
      value,
      state: "set",
      at,
      within: [section],
      ranges: [
        { start: at, end: at + key.length },
        { start: sign, end: sign + 1 },
        { start: valueAt, end: valueAt + value.length },
      ],
    };
    entries.push(entry);
    open = { entry, lines: 1 };
    if (!repositoryOptions.has(key.toLowerCase())) {
      const meant = nearest(key, [...repositoryOptions]);
      remarks.push({
        severity: "warning",
        at,
        message: `expected an option of yum's, saw ${key}, which yum leaves out`,
        hint: meant === undefined ? "see yum.conf(5)" : `did you mean ${meant}?`,
        about: [entry],
      });
    }
  }
  // A section is a setting of its own only where it says nothing: a repository is there by its section alone.
  const told = new Set(entries.flatMap(({ key }) => /^\[[^\]]+\](?= )/.exec(key)?.[0] ?? []));
  const headings = entries.filter(({ key }) => told.has(key));
  const own = entries.filter(({ key }) => !told.has(key));
  const settled = laterWins(own).map((entry) => {
    const above = headings
      .filter(({ key }) => entry.key.startsWith(`${key} `))
      .flatMap(({ ranges }) => ranges);
    return { ...entry, within: [...(entry.within ?? []), ...above] };
  });
  return {
    entries: settled,
    remarks: [...remarks, ...twice(settled)].map((remark) => ({
      ...remark,
      about: remark.about.map((one) => settled.find(({ at }) => at === one.at) ?? one),
    })),
    idle: idleOf(text, settled),
  };
}

/** What is said of each key that a later line of the same file puts out of effect. */
export const twice = (entries: readonly Entry[]): Remark[] =>
  entries
    .filter(({ state }) => state === "overridden")
    .map((entry) => ({
      severity: "warning",
      at: entry.at,
      message: `expected ${entry.key} once, saw it again further down, where it wins`,
      hint: "remove the line that does not count",
      about: [entry],
    }));
