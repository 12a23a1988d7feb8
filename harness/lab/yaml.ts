import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, parseDocument } from "yaml";
import type { Document } from "yaml";
import { mostTold } from "./problem.ts";
import type { LocatedProblem, Problem } from "./problem.ts";
import { offset, unclearIn } from "./yaml-nodes.ts";

/** How deep a YAML file may nest: for what goes deeper, the parser takes all of a process's memory or stack. */
const mostBrackets = 32;
const mostIndent = 200;

/** A YAML text whose values know where they stand. */
export class YamlText {
  /** Whether the text has a reading; `value` means nothing otherwise. */
  readonly readable: boolean;
  /** The plain value. */
  readonly value: unknown;
  /** What is wrong with the text as YAML: the first few. */
  readonly problems: LocatedProblem[];
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed | undefined;

  constructor(text: string) {
    const tooDeep = deepAt(text);
    if (tooDeep !== undefined) {
      const before = text.slice(0, tooDeep).split("\n");
      const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
      const expected = "lists and maps that are not so deep in each other";
      this.problems = [{ path: [], expected, saw: "more", hint: "write it flatter", ...place }];
      this.readable = false;
      return;
    }
    // The parser takes the square of the number of keys to find one that comes twice; that is looked for below.
    const options = { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: false };
    const document = parseDocument(text, options);
    this.#document = document;
    const errors = [...document.errors, ...document.warnings];
    if (errors.length > 0) {
      const hint = "mind indentation, quotes and brackets, here and just above";
      this.problems = errors.slice(0, mostTold).map(({ message, pos: [position] }) => {
        const saw = message.replace(/\s+/g, " ");
        return { path: [], expected: "YAML", saw, hint, ...this.#at(position) };
      });
      this.readable = false;
      return;
    }
    const unclear = unclearIn(document, mostTold);
    this.problems = unclear.map(({ position, expected, saw, hint }) => {
      return { path: [], expected, saw, hint, ...this.#at(position) };
    });
    this.readable = !unclear.some(({ fatal }) => fatal);
    if (this.readable) this.value = document.toJS({ maxAliasCount: -1 });
  }

  /** Finds the line and column of the value (or key) a problem is about, or of the nearest thing that holds it. */
  locate(problem: Problem): LocatedProblem {
    let node: unknown = this.#document?.contents;
    let found = offset(node);
    for (const [index, part] of problem.path.entries()) {
      if (isAlias(node) && this.#document !== undefined) node = node.resolve(this.#document);
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
        if (pair === undefined) break;
        const atKey = problem.at === "key" && index === problem.path.length - 1;
        found = (atKey ? undefined : offset(pair.value)) ?? offset(pair.key) ?? found;
        node = pair.value;
      } else if (isSeq(node) && typeof part === "number") {
        node = node.items[part];
        found = offset(node) ?? found;
      } else break;
    }
    return { ...problem, ...this.#at(found ?? 0) };
  }

  #at(position: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(position);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

/** Where a text goes deeper than it may; looked at word by word, for which nothing nests yet. */
function deepAt(text: string): number | undefined {
  let [position, brackets, indent] = [0, 0, 0];
  let atStart = true;
  for (const token of new Lexer().lex(text)) {
    // These stand for what has no sign of its own in the text.
    if (token === "\u0002" || token === "\u0018" || token === "\u001f") continue;
    if (token === "[" || token === "{") brackets++;
    else if (token === "]" || token === "}") brackets = Math.max(0, brackets - 1);
    if (token.includes("\n")) [atStart, indent] = [true, 0];
    else if (atStart && /^([ \t]+|[-?:])$/.test(token)) indent += token.length;
    else atStart = false;
    if (brackets > mostBrackets || indent > mostIndent) return position;
    position += token.length;
  }
  return undefined;
}
