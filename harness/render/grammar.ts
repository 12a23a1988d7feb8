import Handlebars from "handlebars";
import { nearest } from "../lab/nearest.ts";
import { deepest, openBlock, parsePlace, tokensOf } from "./tokens.ts";

/** Where something stands in a template: line from 1, column from 1. */
export interface Place {
  line: number;
  column: number;
}

/** A template that is wrong at a place in it. */
export class TemplateMistake extends Error {
  override readonly name = "TemplateMistake";
  readonly place: Place;
  readonly expected: string;
  readonly saw: string;

  constructor({ line, column }: Place, expected: string, saw: string) {
    super(`${line}:${column}  expected ${expected}, saw ${saw}`);
    this.place = { line, column };
    this.expected = expected;
    this.saw = saw;
  }
}

/** What a template's expressions may call, and with how many arguments. */
const helpers: Record<string, number> = { ruby: 1, sh: 1, json: 1, lookup: 2 };
/** What its blocks may be, and how many names each may give. */
const blocks: Record<string, number> = { if: 0, unless: 0, each: 2, with: 1 };
/** What Handlebars itself would call. */
const internal = new Set(["helperMissing", "blockHelperMissing", "log"]);

type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

/** The place of a node; Handlebars counts columns from 0. */
const at = ({ loc: { start } }: hbs.AST.Node): Place => ({ line: start.line, column: start.column + 1 });

const isPath = (node: hbs.AST.Node): node is hbs.AST.PathExpression => node.type === "PathExpression";

/** The name that a call or a value begins with, where it may be a helper's; undefined for `this.x`, `../x`, `@x`. */
const simpleName = ({ path }: Call): string | undefined =>
  isPath(path) &&
  !path.data &&
  path.depth === 0 &&
  path.parts.length === 1 &&
  !/^(\.|this\b)/.test(path.original)
    ? String(path.parts[0])
    : undefined;

/** What a call begins with, as it is written. */
const writtenAs = ({ path }: Call): string =>
  isPath(path) ? path.original : JSON.stringify((path as { original?: unknown }).original ?? null);

const pairsOf = (call: Call): hbs.AST.HashPair[] => (call.hash as hbs.AST.Hash | undefined)?.pairs ?? [];

const counted = (count: number): string => (count === 1 ? "1 value" : `${count} values`);

/** Checks what a template says, before anything is put into it. */
class Checker {
  /** Names that blocks around give: they hide helpers. */
  readonly #named: string[] = [];

  program({ body }: hbs.AST.Program): void {
    for (const statement of body) this.#statement(statement);
  }

  #statement(node: hbs.AST.Statement): void {
    switch (node.type) {
      case "ContentStatement":
      case "CommentStatement":
        return;
      case "MustacheStatement":
        this.#expression(node as hbs.AST.MustacheStatement);
        return;
      case "BlockStatement":
        this.#block(node as hbs.AST.BlockStatement);
        return;
      default: {
        const what = node.type.startsWith("Partial") ? "a partial" : "a decorator";
        throw new TemplateMistake(at(node), "values and blocks only", what);
      }
    }
  }

  /** `{{x}}`, `{{sh x}}`, `(lookup x y)`. */
  #expression(call: hbs.AST.MustacheStatement | hbs.AST.SubExpression): void {
    // Handlebars takes a number or text here for a name.
    if (!isPath(call.path)) throw new TemplateMistake(at(call), "a value's name", writtenAs(call));
    const name = this.#helperName(call);
    const takes = name === undefined || !Object.hasOwn(helpers, name) ? undefined : helpers[name];
    if (name !== undefined && takes !== undefined) {
      this.#arguments(call, name, takes);
      return;
    }
    if (name !== undefined && Object.hasOwn(blocks, name))
      throw new TemplateMistake(at(call), `a block: {{#${name} …}} … {{/${name}}}`, `{{${name}}}`);
    this.#noHelper(call, name, Object.keys(helpers));
  }

  #block(block: hbs.AST.BlockStatement): void {
    const name = this.#helperName(block);
    const given = [block.program, block.inverse]
      .filter((program) => (program as hbs.AST.Program | undefined) !== undefined)
      .flatMap((program) => (program.blockParams as string[] | undefined) ?? []);
    const gives = name === undefined || !Object.hasOwn(blocks, name) ? undefined : blocks[name];
    if (name !== undefined && Object.hasOwn(helpers, name))
      throw new TemplateMistake(
        at(block),
        `{{${name} …}}`,
        `a block, {{#${name}}}, which \`${name}\` is not`,
      );
    if (name !== undefined && gives !== undefined) {
      this.#arguments(block, name, 1);
      if (given.length > gives) {
        const expected = gives === 0 ? `no names from \`${name}\`` : `at most ${gives} from \`${name}\``;
        throw new TemplateMistake(at(block), expected, `as |${given.join(" ")}|`);
      }
    } else this.#noHelper(block, name, Object.keys(blocks));
    this.#named.push(...given);
    for (const program of [block.program, block.inverse] as (hbs.AST.Program | undefined)[])
      if (program !== undefined) this.program(program);
    this.#named.splice(this.#named.length - given.length, given.length);
  }

  #helperName(call: Call): string | undefined {
    const name = simpleName(call);
    return name === undefined || this.#named.includes(name) ? undefined : name;
  }

  #arguments(call: Call, name: string, takes: number): void {
    if (call.params.length !== takes)
      throw new TemplateMistake(at(call), `${counted(takes)} for \`${name}\``, counted(call.params.length));
    const allowed = name === "if" || name === "unless" ? ["includeZero"] : [];
    const odd = pairsOf(call).find(({ key }) => !allowed.includes(key));
    if (odd !== undefined) throw new TemplateMistake(at(odd), `values only for \`${name}\``, `${odd.key}=…`);
    for (const given of [...call.params, ...pairsOf(call).map(({ value }) => value)])
      if (given.type === "SubExpression") this.#expression(given as hbs.AST.SubExpression);
  }

  /** What calls nothing that is known may still be a value, as long as it is given nothing. */
  #noHelper(call: Call, name: string | undefined, known: string[]): void {
    const calls = call.params.length > 0 || pairsOf(call).length > 0 || call.type === "SubExpression";
    if (!calls && (name === undefined || !internal.has(name))) return;
    const written = writtenAs(call);
    const meant = nearest(written, known);
    const expected = meant === undefined ? `one of ${known.join(", ")}` : `\`${meant}\``;
    throw new TemplateMistake(at(call), expected, `\`${written}\`, which is no helper`);
  }
}

/**
 * Reads a template.
 * @throws TemplateMistake where it is malformed, calls what is not there or calls it in another way, or has a partial
 *   or decorator
 */
export function parseTemplate(source: string): hbs.AST.Program {
  const tokens = tokensOf(source);
  // Handlebars reads and compiles by recursion, and takes the square of its time for blocks inside blocks.
  const tooDeep = deepest(tokens);
  if (tooDeep !== undefined)
    throw new TemplateMistake(tooDeep, "blocks and brackets that are not so deep in each other", "more");
  const program = readTemplate(source);
  new Checker().program(program);
  return program;
}

function readTemplate(source: string): hbs.AST.Program {
  try {
    return Handlebars.parse(source);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const { lineNumber, column } = error as { lineNumber?: number; column?: number };
    if (lineNumber !== undefined) {
      // Blocks that cross: "if doesn't match each - 1:3".
      const [, opened = "", closed = ""] = /^(.*) doesn't match (.*) - \d+:\d+$/s.exec(said) ?? [];
      const place = { line: lineNumber, column: (column ?? 0) + 1 };
      if (opened === "") throw new TemplateMistake(place, "a template", said.replace(/ - \d+:\d+$/, ""));
      throw new TemplateMistake(place, `{{/${opened}}} to end this block`, `{{/${closed}}}`);
    }
    const { place, text, atEnd } = parsePlace();
    const open = atEnd ? openBlock(tokensOf(source)) : undefined;
    if (open !== undefined)
      throw new TemplateMistake(open.place, `{{/${open.name}}} further down`, "no end of this block");
    throw new TemplateMistake(
      place,
      "well-formed {{…}}",
      atEnd ? "the end of the file" : JSON.stringify(text),
    );
  }
}
