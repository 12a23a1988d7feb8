import type { Entry, Parsed, Remark } from "../entry.ts";
import { idleOf, laterWins, linesOf } from "../entry.ts";
import { flagOf, givenFlags } from "../flags.ts";
import type { Daemon } from "../setting.ts";
import type { Range } from "../traced-text.ts";
import { wordsOf } from "../words.ts";

/** One `NAME=value` of an environment file. */
export interface Assignment {
  name: string;
  nameAt: number;
  value: string;
  /** Where each character of the value stands. */
  offsets: readonly number[];
  /** The characters of the assignment, quoting included. */
  range: Range;
  state: "set" | "commented" | "overridden";
}

const [blank, lineEnd, comment] = [" \t\n\r", "\n\r", "#;"];
const validName = /^[A-Za-z_]\w*$/;

/** A quoted part of a value. */
interface Quoted {
  open: number;
  /** Where the closing quote is; undefined where there is none. */
  close: number | undefined;
}

interface Scanned extends Assignment {
  quoted: Quoted[];
  /** Where text stands right behind a closing quote. */
  behind: number | undefined;
  /** Where a backslash stands that systemd 219 and 252 read differently. */
  disputed: number | undefined;
}

/**
 * Splits a text as systemd reads an `EnvironmentFile=`: parse_env_file_internal in src/basic/env-file.c of systemd 252
 * (219's, in src/shared/fileio.c, differs only in what a backslash does inside quotes). A comment that ends in a backslash
 * takes the next line with it.
 */
class Scanner {
  readonly assignments: Scanned[] = [];
  /** Lines that have no `=`. */
  readonly pointless: Range[] = [];
  /** Comments whose last backslash took the next line with them. */
  readonly greedy: { at: number; swallowed: Range }[] = [];
  readonly comments: Range[] = [];
  readonly #text: string;
  #at: number;

  constructor(text: string, from = 0) {
    this.#text = text;
    this.#at = from;
    while (this.#at < text.length) this.#line();
  }

  #char(): string {
    return this.#text.charAt(this.#at);
  }

  #line(): void {
    if (comment.includes(this.#char())) this.#comment();
    else if (blank.includes(this.#char())) this.#at++;
    else this.#assignment();
  }

  #comment(): void {
    const start = this.#at;
    for (; this.#at < this.#text.length && !lineEnd.includes(this.#char()); this.#at++) {
      if (this.#char() !== "\\") continue;
      this.#at++;
      if (!lineEnd.includes(this.#char()) || this.#char() === "") continue;
      const next = this.#at + 1;
      const ends = this.#text.slice(next).search(/[\r\n]/);
      this.greedy.push({
        at: start,
        swallowed: { start: next, end: ends < 0 ? this.#text.length : next + ends },
      });
    }
    this.comments.push({ start, end: this.#at });
  }

  #assignment(): void {
    const start = this.#at;
    this.#at++; // a name has one character at least, even if it is =
    while (this.#at < this.#text.length && !lineEnd.includes(this.#char()) && this.#char() !== "=")
      this.#at++;
    if (this.#char() !== "=") {
      this.pointless.push({ start, end: this.#at });
      return;
    }
    const name = this.#text.slice(start, this.#at).replace(/[ \t\n\r]+$/, "");
    this.#at++;
    const value = this.#value();
    const range = { start, end: this.#at };
    this.assignments.push({ name, nameAt: start, range, state: "set", ...value });
  }

  #value(): Pick<Scanned, "value" | "offsets" | "quoted" | "behind" | "disputed"> {
    const text = this.#text;
    const quoted: Quoted[] = [];
    let offsets: number[] = [];
    let [behind, disputed]: (number | undefined)[] = [];
    /** How long the value is without the blanks at its end; quotes and backslashes keep theirs. */
    let kept = 0;
    let begun = false;
    const take = (at: number): void => void offsets.push(at);
    for (; this.#at < text.length && !lineEnd.includes(this.#char()); this.#at++) {
      const char = this.#char();
      if (!begun && (char === '"' || char === "'")) {
        const quote: Quoted = { open: this.#at, close: undefined };
        quoted.push(quote);
        for (this.#at++; this.#at < text.length && this.#char() !== char; this.#at++) {
          if (this.#char() !== "\\") take(this.#at);
          else if (char === "'") {
            disputed ??= this.#at;
            take(this.#at);
          } else {
            this.#at++;
            if ('"\\`$'.includes(this.#char()) && this.#char() !== "") take(this.#at);
            else if (this.#char() !== "\n" && this.#char() !== "") {
              disputed ??= this.#at - 1;
              take(this.#at - 1);
              take(this.#at);
            }
          }
        }
        if (this.#at >= text.length) {
          kept = offsets.length;
          break;
        }
        quote.close = this.#at;
        kept = offsets.length;
      } else if (char === "\\") {
        begun = true;
        this.#at++;
        if (this.#at < text.length && !lineEnd.includes(this.#char())) take(this.#at);
        kept = offsets.length;
      } else if (begun || !blank.includes(char)) {
        if (!begun && quoted.length > 0) behind = this.#at;
        begun = true;
        take(this.#at);
        if (!blank.includes(char)) kept = offsets.length;
      }
    }
    offsets = offsets.slice(0, kept);
    return { value: offsets.map((at) => text.charAt(at)).join(""), offsets, quoted, behind, disputed };
  }
}

/** What is odd about the quotes of one assignment. */
function quoteRemarks(text: string, one: Scanned): Omit<Remark, "about">[] {
  const open = one.quoted.find(({ close }) => close === undefined);
  const unclosed = (at: number, saw: string): Omit<Remark, "about"> => ({
    severity: "refused",
    at,
    message: `expected a closing quote after ${one.name}=, saw ${saw}`,
    hint: "close the quote on the same line; systemd reads on until it finds one, whatever stands between",
  });
  if (open !== undefined) return [unclosed(open.open, "none up to the end of the file")];
  for (const { open: start, close: end = text.length } of one.quoted) {
    const [, ...more] = text.slice(start, end).split("\n");
    const last = more.at(-1);
    if (last === undefined) continue;
    if (/^\s*([#;].*|(export\s+)?[A-Za-z_]\w*\s*=\s*)$/.test(last)) {
      return [unclosed(start, `the next one in the line \`${lineAround(text, end)}\``)];
    }
    if (more.some((line) => /^\s*([#;]|[A-Z_][A-Z0-9_]*=)/.test(line))) {
      return [
        {
          severity: "warning",
          at: start,
          message: `${one.name}: expected one value in quotes, saw other lines in it that look like comments or variables`,
          hint: "close the quote on the line where it is meant to end",
        },
      ];
    }
  }
  if (one.behind === undefined) return [];
  const saw = text.slice(one.behind, one.range.end).trim();
  return [
    {
      severity: "warning",
      at: one.behind,
      message: `${one.name}: expected nothing behind the closing quote, saw \`${saw}\`, which becomes part of the value`,
      hint: "a comment stands on a line of its own; systemd knows none behind a value",
    },
  ];
}

const lineAround = (text: string, at: number): string =>
  (linesOf(text).findLast(({ start }) => start <= at)?.text ?? "").trim();

function nameRemarks(one: Scanned): Omit<Remark, "about">[] {
  if (validName.test(one.name)) return [];
  const meant = /([A-Za-z_]\w*)$/.exec(one.name)?.[1];
  const exported = /^export\s+\w+$/.test(one.name);
  return [
    {
      severity: "warning",
      at: one.nameAt,
      message: `expected the name of a variable before =, saw \`${one.name.replace(/^\uFEFF/, "\\uFEFF")}\`: systemd leaves the line out${exported ? ", for it is no shell" : ""}`,
      hint: meant === undefined ? "a name has letters, digits and _ only" : `write ${meant}=…`,
    },
  ];
}

/** A commented line that would set something: `# KUBE_API_PORT="--port=8080"`. */
function commentedIn(text: string, { start, end }: Range): Assignment[] {
  const found: Assignment[] = [];
  for (const line of linesOf(text.slice(start, end))) {
    const sign = /^\s*[#;]+\s*(?=[A-Za-z_]\w*=)/.exec(line.text)?.[0];
    if (sign === undefined) continue;
    const at = start + line.start + sign.length;
    const [one] = new Scanner(text.slice(0, start + line.start + line.text.length), at).assignments;
    if (one !== undefined) found.push({ ...one, state: "commented" });
  }
  return found;
}

/** The assignments of an environment file, those that are commented out included, and what is odd about them. */
export function readAssignments(text: string): {
  assignments: Assignment[];
  remarks: (Omit<Remark, "about"> & { assignment?: Assignment })[];
} {
  const scanner = new Scanner(text);
  const last = new Map(scanner.assignments.map((one) => [one.name, one]));
  const twice = scanner.assignments.filter((one) => last.get(one.name) !== one);
  const written = scanner.assignments.map((one) => ({
    one,
    assignment: { ...one, state: twice.includes(one) ? ("overridden" as const) : ("set" as const) },
  }));
  const ofAssignments = written.flatMap(({ one, assignment }) =>
    [
      ...quoteRemarks(text, one),
      ...nameRemarks(one),
      ...(assignment.state === "overridden" ? [twiceRemark(one.name, one.nameAt)] : []),
      ...(one.disputed === undefined ? [] : [disputedRemark(one.name, one.disputed)]),
    ].map((remark) => ({ ...remark, assignment })),
  );
  const commented = scanner.comments.flatMap((range) => commentedIn(text, range));
  return {
    assignments: [...written.map(({ assignment }) => assignment), ...commented].sort(
      (a, b) => a.nameAt - b.nameAt,
    ),
    remarks: [
      ...ofAssignments,
      ...scanner.pointless.map(pointlessRemark(text)),
      ...greedyRemarks(text, scanner),
    ],
  };
}

const twiceRemark = (name: string, at: number): Omit<Remark, "about"> => ({
  severity: "warning",
  at,
  message: `expected ${name} once, saw it again further down, where it wins`,
  hint: "remove the line that does not count",
});

const disputedRemark = (name: string, at: number): Omit<Remark, "about"> => ({
  severity: "warning",
  at,
  message: `${name}: expected no backslash that versions of systemd read differently, saw one: 219 drops it inside quotes, 252 keeps it`,
  hint: "leave the backslash out",
});

const pointlessRemark =
  (text: string) =>
  ({ start, end }: Range): Omit<Remark, "about"> => ({
    severity: "warning",
    at: start,
    message: `expected NAME=value, saw \`${text.slice(start, end).trim()}\`, which sets nothing`,
    hint: "comments begin with # or ;",
  });

const greedyRemarks = (text: string, { greedy }: Scanner): Omit<Remark, "about">[] =>
  greedy
    .filter(({ swallowed }) => /\S/.test(text.slice(swallowed.start, swallowed.end)))
    .map(({ at, swallowed }) => ({
      severity: "warning" as const,
      at,
      message: `expected a comment of one line, saw a backslash at its end, which makes \`${text.slice(swallowed.start, swallowed.end).trim()}\` part of it`,
      hint: "remove the backslash",
    }));

/** Ranges over single characters, neighbours joined. */
function rangesOf(offsets: readonly number[]): Range[] {
  const ranges: { start: number; end: number }[] = [];
  for (const at of [...offsets].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.end === at) last.end++;
    else ranges.push({ start: at, end: at + 1 });
  }
  return ranges;
}

const isList = (daemons: readonly Daemon[], flag: string): boolean =>
  daemons.some((daemon) => /^string(Slice|Array)$/.test(flagOf(daemon, flag.slice(2))?.type ?? ""));

function entriesOf(one: Assignment, text: string, daemons: readonly Daemon[]): Entry[] {
  const sign = text.indexOf("=", one.nameAt) + 1;
  const name = { start: one.nameAt, end: sign };
  const common = { key: one.name, state: one.state };
  const whole: Entry = {
    ...common,
    value: one.value,
    at: one.nameAt,
    ranges: [name, ...rangesOf(one.offsets)],
  };
  const readers = daemons.filter(
    ({ variables, valueOf }) => variables.includes(one.name) && !valueOf.has(one.name),
  );
  const words = wordsOf(one.value, one.offsets);
  if (readers.length === 0 && words[0]?.text.startsWith("-") !== true) return [whole];
  if (words.length === 0) return [whole];
  const entries = givenFlags(words, readers).map(({ flag, value, offsets }) => ({
    ...common,
    flag,
    value,
    at: offsets[0] ?? one.nameAt,
    ranges: [name, ...rangesOf(offsets)],
  }));
  return one.state === "set" ? laterWins(entries, ({ flag = "" }) => isList(readers, flag)) : entries;
}

/**
 * An environment file: one setting for each variable, or for each flag in it.
 * @param daemons those that read this file
 */
export function parseEnvironment(text: string, daemons: readonly Daemon[]): Parsed {
  const { assignments, remarks } = readAssignments(text);
  const parts = new Map(assignments.map((one) => [one, entriesOf(one, text, daemons)]));
  const entries = [...parts.values()].flat();
  return {
    entries,
    remarks: remarks.map(({ assignment, ...remark }) => ({
      ...remark,
      about: assignment === undefined ? [] : (parts.get(assignment) ?? []),
    })),
    idle: idleOf(text, entries),
  };
}
