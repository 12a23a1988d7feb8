import { BadConfiguration } from "../errors.ts";

/** One thing wrong with a YAML file, about the value at `path`. */
export interface Problem {
  path: PropertyKey[];
  /** Whether the key or the value is to be pointed at; the default is the value. */
  at?: "key" | "value";
  expected: string;
  saw: string;
  hint: string;
}

/** A problem, and where in the file it is; line and column count from 1. */
export interface LocatedProblem extends Problem {
  line: number;
  column: number;
}

/** A name as it is where it is plain, else as JSON: nothing in it can look like more than a name. */
export function quotedName(name: PropertyKey): string {
  const text = String(name);
  return clipped(/^[\w./*@+-]+$/.test(text) ? text : JSON.stringify(text), 80);
}

/** A path as people write it: `machines[1].address`. */
export const pathText = (path: PropertyKey[]): string =>
  path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${quotedName(part)}`))
    .join("")
    .replace(/^\./, "");

/** The beginning of a text that is long. */
export const clipped = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…` : text;

/** A value as a problem shows it: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object")
    return clipped(`a map of ${Object.keys(value).map(quotedName).join(", ") || "nothing"}`, 80);
  if (typeof value === "number") return String(value); // JSON has no word for .inf and .nan
  return clipped(JSON.stringify(value), 80);
}

function line(file: string, problem: LocatedProblem): string {
  const path = problem.path.length === 0 ? "" : `${pathText(problem.path)}: `;
  const place = `${file}:${problem.line}:${problem.column}`;
  const [expected, saw] = [problem.expected, problem.saw].map((text) => clipped(text, 500));
  return `${place}  ${path}expected ${expected}, saw ${saw}\n  hint  ${clipped(problem.hint, 500)}`;
}

/** How many mistakes are told at once: who has more, has one that the others follow from. */
export const mostTold = 20;

/** All that is wrong with a file as one error, in the order of the file; `more` is how many are not among them. */
export function badFile(file: string, noun: string, problems: LocatedProblem[], more = 0): BadConfiguration {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const told = sorted.slice(0, mostTold);
  const all = sorted.length + more;
  const count = all === 1 ? "1 mistake" : `${all} mistakes`;
  return new BadConfiguration({
    message: `${file}: expected a ${noun}, saw ${count}; nothing was touched`,
    details: [
      ...told.map((problem) => line(file, problem)),
      ...(all > told.length ? [`… and ${all - told.length} more`] : []),
    ],
  });
}
