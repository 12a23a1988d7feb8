import type { Entry, Parsed, Remark } from "../entry.ts";
import { idleOf, linesOf } from "../entry.ts";
import { nearest } from "../../lab/nearest.ts";
import { directives, isList, otherSections } from "./unit-directives.ts";

/** A logical line: physical lines joined by backslashes, comments between them left out. */
interface Logical {
  text: string;
  /** Where each of its characters stands. */
  offsets: number[];
}

const isComment = (text: string): boolean => /^\s*[#;]/.test(text);

/** systemd.syntax(7): a backslash at a line's end joins the next one with a blank; comments within are left out. */
function logicalLines(text: string): { lines: Logical[]; comments: { start: number; text: string }[] } {
  const lines: Logical[] = [];
  const comments: { start: number; text: string }[] = [];
  let open: Logical | undefined;
  for (const line of linesOf(text)) {
    if (isComment(line.text)) {
      comments.push(line);
      continue;
    }
    const joins = line.text.endsWith("\\");
    const kept = joins ? line.text.slice(0, -1) : line.text;
    const logical: Logical = open ?? { text: "", offsets: [] };
    logical.text += kept;
    logical.offsets.push(...Array.from({ length: kept.length }, (_, index) => line.start + index));
    if (joins) {
      logical.text += " ";
      logical.offsets.push(line.start + kept.length);
      open = logical;
      continue;
    }
    lines.push(logical);
    open = undefined;
  }
  if (open !== undefined) lines.push(open);
  return { lines, comments };
}

interface Found extends Entry {
  section: string;
  name: string;
}

/** Numbers repeated keys; an empty value of a list takes what stands before it away. */
function numbered(found: Found[]): Entry[] {
  const seen = new Map<string, number>();
  return found.map(({ section, name, ...entry }, index): Entry => {
    if (entry.state === "commented") return entry;
    const count = (seen.get(entry.key) ?? 0) + 1;
    seen.set(entry.key, count);
    const later = found
      .slice(index + 1)
      .filter((one) => one.state === "set" && one.section === section && one.name === name);
    const gone = isList(name) ? later.some(({ value }) => value === "") : later.length > 0;
    return {
      ...entry,
      key: count === 1 ? entry.key : `${entry.key} ${count}`,
      state: gone ? "overridden" : "set",
    };
  });
}

function keyRemark(section: string, name: string, at: number, about: Entry): Remark | undefined {
  const known = directives[section];
  if (known === undefined || known.has(name) || section.startsWith("X-") || name.startsWith("X-"))
    return undefined;
  const meant = nearest(name, [...known]);
  return {
    severity: "warning",
    at,
    message: `expected a setting of [${section}], saw ${name}, which systemd leaves out`,
    hint: meant === undefined ? "see systemd.directives(7)" : `did you mean ${meant}=?`,
    about: [about],
  };
}

/**
 * A unit or a drop-in, or another file of systemd's.
 * @param isUnit whether its sections and settings are those of units
 */
export function parseUnit(text: string, isUnit: boolean): Parsed {
  const { lines, comments } = logicalLines(text);
  const found: Found[] = [];
  const remarks: Remark[] = [];
  const headings: { start: number; end: number; name: string }[] = [];
  for (const { text: line, offsets } of lines) {
    const lead = line.length - line.trimStart().length;
    const at = offsets[lead];
    if (at === undefined) continue;
    const heading = /^\s*\[(.*)\]\s*$/.exec(line)?.[1];
    if (heading !== undefined) {
      headings.push({ start: at, end: at + heading.length + 2, name: heading });
      if (isUnit && !(heading in directives) && !otherSections.has(heading) && !heading.startsWith("X-")) {
        const meant = nearest(heading, [...Object.keys(directives), ...otherSections]);
        remarks.push({
          severity: "warning",
          at,
          message: `expected a section of a unit, saw [${heading}], which systemd leaves out with all in it`,
          hint:
            meant === undefined
              ? "[Unit], [Service] and [Install] are the usual ones"
              : `did you mean [${meant}]?`,
          about: [],
        });
      }
      continue;
    }
    const section = headings.at(-1);
    const [, name = "", value] = /^\s*([^=]*?)\s*=\s*([^]*?)\s*$/.exec(line) ?? [];
    if (value === undefined || name === "" || section === undefined) {
      remarks.push({
        severity: "warning",
        at,
        message:
          section === undefined && value !== undefined
            ? `expected a section before ${name}=, saw none: systemd leaves the line out`
            : `expected NAME=value, saw \`${line.trim()}\`, which sets nothing`,
        hint:
          section === undefined ? "begin with [Service] or another section" : "comments begin with # or ;",
        about: [],
      });
      continue;
    }
    const from = line.indexOf("=") + 1;
    const valueAt = from + (line.slice(from).length - line.slice(from).trimStart().length);
    const chars = [
      ...offsets.slice(lead, lead + name.length),
      ...offsets.slice(line.indexOf("="), from),
      ...offsets.slice(valueAt, valueAt + value.length),
    ];
    const entry: Found = {
      section: section.name,
      name,
      key: `[${section.name}] ${name}`,
      value,
      state: "set",
      at,
      within: [section],
      ranges: chars.map((start) => ({ start, end: start + 1 })),
    };
    found.push(entry);
    const odd = isUnit ? keyRemark(section.name, name, at, entry) : undefined;
    if (odd !== undefined) remarks.push(odd);
  }
  for (const { start, text: line } of comments) {
    const [, sign = "", name, value = ""] = /^(\s*[#;]+\s*)([A-Z][A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const section = headings.findLast((one) => one.start < start)?.name ?? "";
    const at = start + sign.length;
    found.push({
      section,
      name,
      key: `[${section}] ${name}`,
      value,
      state: "commented",
      at,
      ranges: [{ start: at, end: start + line.length }],
    });
  }
  const entries = numbered(found.sort((a, b) => a.at - b.at));
  return {
    entries,
    remarks,
    idle: idleOf(text, entries),
  };
}
