import Handlebars from "handlebars";
import { compileStrict } from "../render/handlebars.ts";
import { renderString } from "../render/template.ts";
import { TracedText } from "./traced-text.ts";
import type { Span } from "./traced-text.ts";

type Program = hbs.AST.Program;
type Statement = hbs.AST.Statement;
type Expression = hbs.AST.Expression;

/** A path in a template's data: `["machines", "1", "address"]`. */
export type DataPath = readonly string[];

/** What a marked place in the rendered text stands for. */
type Mark =
  | { kind: "text"; line: number }
  | { kind: "value"; line: number; reads: Expression[] }
  | { kind: "open"; block: Block };

/** A block whose body follows: what its text depends on, and what names mean inside it. */
interface Block {
  helper: string;
  reads: Expression[];
  names: readonly string[];
  /** `{{else}}`: names mean the same as outside. */
  inverse: boolean;
}

interface Scope {
  /** What `this` is; undefined where it is nothing of the data's. */
  context: DataPath | undefined;
  /** What the names given by `as |name|` are. */
  named: ReadonlyMap<string, DataPath>;
  /** What decided that this text is there. */
  because: DataPath[];
}

/** Signs of the private use area, which no template and no lab value has: the rendered text is compared. */
const [begin, end] = ["\uE000", "\uE001"];

const none = { open: false, close: false };

/** How many line breaks were cut from the front of a content's text when it was parsed. */
function linesCutFrom(content: hbs.AST.ContentStatement): number {
  const { value } = content;
  const original = content.original as unknown as string; // a text, whatever Handlebars' types say
  if (value.trim() === "") return original.length - value.length > 0 && /^[ \t]*\r?\n/.test(original) ? 1 : 0;
  const cut = original.length - original.trimStart().length - (value.length - value.trimStart().length);
  return original.slice(0, cut).split("\n").length - 1;
}

const isPath = (expression: Expression): expression is hbs.AST.PathExpression =>
  expression.type === "PathExpression";

/** The values that a mustache or a block's condition reads: a helper's arguments, or the value itself. */
function readsOf({ path, params, hash }: hbs.AST.MustacheStatement | hbs.AST.SubExpression): Expression[] {
  const given = [...params, ...((hash as hbs.AST.Hash | undefined)?.pairs ?? []).map(({ value }) => value)];
  if (given.length === 0) return [path];
  return given.flatMap((one) =>
    one.type === "SubExpression" ? readsOf(one as hbs.AST.SubExpression) : [one],
  );
}

/** Puts marks into a template's syntax tree, which then stand in what it renders. */
class Marker {
  readonly marks: Mark[] = [];

  program(program: Program): Program {
    return { ...program, body: program.body.flatMap((statement) => this.#statement(statement)) };
  }

  #content(value: string, { loc }: Statement): hbs.AST.ContentStatement {
    return { type: "ContentStatement", value, original: none, loc };
  }

  #mark(mark: Mark, near: Statement): hbs.AST.ContentStatement {
    this.marks.push(mark);
    return this.#content(`${begin}${this.marks.length - 1}${end}`, near);
  }

  #statement(statement: Statement): Statement[] {
    const line = statement.loc.start.line;
    switch (statement.type) {
      case "ContentStatement": {
        const content = statement as hbs.AST.ContentStatement;
        if (content.value === "") return [];
        return [this.#mark({ kind: "text", line: line + linesCutFrom(content) }, statement), statement];
      }
      case "MustacheStatement": {
        const mustache = statement as hbs.AST.MustacheStatement;

        return [
          this.#mark({ kind: "value", line, reads: readsOf(mustache) }, statement),
          { ...mustache, strip: none } as Statement,
        ];
      }
      case "BlockStatement":
        return [this.#block(statement as hbs.AST.BlockStatement)];
      default:
        return [statement];
    }
  }

  #block(block: hbs.AST.BlockStatement): Statement {
    const helper = block.path.original;
    const reads = block.params.flatMap((one) =>
      one.type === "SubExpression" ? readsOf(one as hbs.AST.SubExpression) : [one],
    );
    const body = (program: Program | undefined, inverse: boolean): Program | undefined => {
      if (program === undefined) return undefined;
      const names = (program.blockParams as string[] | undefined) ?? [];
      const marked = this.program(program);
      const opened = this.#mark({ kind: "open", block: { helper, reads, names, inverse } }, block);
      // Which round it is stands right behind the mark, and ends with a sign of its own.
      const round = helper === "each" && !inverse ? [key(block)] : [];
      const closed = this.#content(`${begin}-${end}`, block);
      return { ...marked, body: [opened, ...round, this.#content(end, block), ...marked.body, closed] };
    };
    return {
      ...block,
      program: body(block.program, false),
      inverse: body(block.inverse, true),
      openStrip: none,
      inverseStrip: none,
      closeStrip: none,
    } as Statement;
  }
}

/** `{{@key}}`: the index, or name, of the round of an `each`. */
const key = ({ loc }: Statement): Statement =>
  ({
    type: "MustacheStatement",
    path: { type: "PathExpression", data: true, depth: 0, parts: ["key"], original: "@key", loc },
    params: [],
    hash: undefined,
    escaped: false,
    strip: none,
    loc,
  }) as unknown as Statement;

function resolvePath(expression: Expression, scopes: readonly Scope[]): DataPath | undefined {
  if (!isPath(expression)) return undefined;
  const { data, depth } = expression;
  const parts = expression.parts;
  if (data) return parts[0] === "root" ? parts.slice(1) : undefined;
  const [first = "", ...rest] = parts;
  const named =
    depth === 0 ? scopes.findLast((scope) => scope.named.has(first))?.named.get(first) : undefined;
  if (named !== undefined) return [...named, ...rest];
  const contexts = scopes.filter(
    (scope, index) => index === 0 || scope.context !== scopes[index - 1]?.context,
  );
  const base = contexts.at(-1 - depth)?.context;
  return base === undefined ? undefined : [...base, ...parts];
}

const paths = (reads: readonly Expression[], scopes: readonly Scope[]): DataPath[] =>
  reads.map((read) => resolvePath(read, scopes) ?? []).filter((path) => path.length > 0);

function inside({ helper, reads, names, inverse }: Block, round: string, scopes: readonly Scope[]): Scope {
  const outer = scopes.at(-1);
  const [path] = reads.map((read) => resolvePath(read, scopes));
  const because = paths(reads, scopes);
  const same: Scope = { context: outer?.context, named: new Map(), because: outer?.because ?? [] };
  if (inverse || (helper !== "each" && helper !== "with")) {
    return { ...same, because: [...same.because, ...because] };
  }
  const context = path === undefined ? undefined : helper === "each" ? [...path, round] : path;
  const [name] = names;
  return {
    ...same,
    context,
    named: new Map(name === undefined || context === undefined ? [] : [[name, context]]),
  };
}

/** Takes the marks out of a rendered text, and tells of each piece between them where it came from. */
function spansOf(
  marked: string,
  marks: readonly Mark[],
): { text: string; spans: (Span & { reads: DataPath[] })[] } {
  const spans: (Span & { reads: DataPath[] })[] = [];
  const scopes: Scope[] = [{ context: [], named: new Map(), because: [] }];
  let text = "";
  for (const piece of marked.split(begin).slice(1)) {
    const [id = "", ...rest] = piece.split(end);
    const mark = marks[Number(id)];
    if (id === "-") scopes.pop();
    else if (mark?.kind === "open") scopes.push(inside(mark.block, rest.shift() ?? "", scopes));
    const content = rest.join(end);
    if (content === "" || mark === undefined || mark.kind === "open") {
      text += content;
      continue;
    }
    const own = mark.kind === "value" ? paths(mark.reads, scopes) : [];
    const reads = [...own, ...(scopes.at(-1)?.because ?? [])];
    spans.push({ start: text.length, line: mark.line, literal: mark.kind === "text", labValues: [], reads });
    text += content;
  }
  return { text, spans };
}

interface Prepared {
  marks: readonly Mark[];
  render: (data: object) => string;
}

/** Templates as they were prepared last: each is rendered for every machine. */
const prepared = new Map<string, Prepared>();

function prepare(source: string): Prepared {
  const known = prepared.get(source);
  if (known !== undefined) return known;
  if (prepared.size > 200) prepared.clear();
  const marker = new Marker();
  const render = compileStrict(marker.program(Handlebars.parse(source)));
  const fresh = { marks: marker.marks, render: (data: object) => render(data) };
  prepared.set(source, fresh);
  return fresh;
}

/**
 * Renders a template and keeps, for each piece of the text, the template's line and the lab values it came from.
 * @param source the template's text
 * @param file its name in messages
 * @param labPath the lab file's path of a value in the data, where it has one
 * @throws BadConfiguration as `renderString` does
 */
export function renderTraced(
  source: string,
  file: string,
  data: object,
  labPath: (path: DataPath) => string | undefined,
): TracedText {
  try {
    const { marks, render } = prepare(source);
    const { text, spans } = spansOf(render(data), marks);
    if (text.includes(begin) || text.includes(end))
      throw new Error("saw a mark of a traced rendering in the text");
    return new TracedText(
      text,
      { file, lines: source.split("\n") },
      spans.map(({ reads, ...span }) => ({
        ...span,
        labValues: reads.flatMap((path) => labPath(path) ?? []),
      })),
    );
  } catch (error) {
    renderString(source, file, data); // says what is wrong with it, and where
    throw error;
  }
}
