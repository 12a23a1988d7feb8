import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, YAMLError } from "yaml";
import type { LocatedProblem, Problem } from "./problem.ts";

/** Syntax that is wrong but still has one reading, so that what else is wrong can be told beside it. */
const readable = new Set(["DUPLICATE_KEY"]);

/** A YAML text whose values know where they stand. */
export class YamlText {
  /** Whether the text has a reading; `value` means nothing otherwise. */
  readonly readable: boolean;
  /** The plain value. */
  readonly value: unknown;
  /** What is wrong with the text as YAML. */
  readonly problems: LocatedProblem[];
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const errors = [...this.#document.errors, ...this.#document.warnings];
    const unreadable = errors.filter((error) => !readable.has(error.code));
    this.readable = unreadable.length === 0;
    // Where the text has no reading, a key that comes twice is but a consequence.
    this.problems = (this.readable ? errors : unreadable).map((error) => this.#syntaxProblem(error, text));
    if (!this.readable) return;
    try {
      this.value = this.#document.toJS();
    } catch (error) {
      // An alias of nothing, or a bomb of aliases.
      this.readable = false;
      const saw = error instanceof Error ? error.message : String(error);
      const hint = "write the values out instead";
      this.problems.push({ path: [], expected: "YAML without such aliases", saw, hint, line: 1, column: 1 });
    }
  }

  /** Finds the line and column of the value (or key) a problem is about, or of the nearest thing that holds it. */
  locate(problem: Problem): LocatedProblem {
    let node: unknown = this.#document.contents;
    let found = offset(node);
    for (const [index, part] of problem.path.entries()) {
      if (isAlias(node)) node = node.resolve(this.#document);
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
    const { line, col } = this.#lines.linePos(found ?? 0);
    return { ...problem, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  #syntaxProblem(error: YAMLError, text: string): LocatedProblem {
    const { line, col: column } = this.#lines.linePos(error.pos[0]);
    const place = { path: [], line, column };
    if (error.code === "DUPLICATE_KEY") {
      const [key = ""] = /^["']?[^\s:"']*/.exec(text.slice(error.pos[0])) ?? [];
      const hint = "remove one of the two; which would count is not obvious";
      return { ...place, expected: "each key once", saw: `\`${key.replace(/["']/, "")}\` again`, hint };
    }
    const saw = error.message.replace(/\s+/g, " ");
    return {
      ...place,
      expected: "YAML",
      saw,
      hint: "mind indentation, quotes and brackets, here and just above",
    };
  }
}

/** Where a node begins; an empty value has no place of its own. */
const offset = (node: unknown): number | undefined =>
  isNode(node) && !(isScalar(node) && node.value === null) ? node.range?.[0] : undefined;
