import Handlebars from "handlebars";
import type { Place } from "./grammar.ts";

/** Handlebars' own reader of a template's words, as it is generated: one for all, with the state of its last reading. */
interface Lexer {
  yy: object;
  yytext: string;
  match: string;
  yylloc: { first_line: number; first_column: number };
  setInput: (source: string) => void;
  lex: () => number;
}

const { lexer, terminals_: names } = (
  Handlebars as unknown as { Parser: { lexer: Lexer; terminals_: Record<number, string> } }
).Parser;

/** A word of a template. */
export interface Token {
  kind: string;
  text: string;
  place: Place;
}

const herePlace = (): Place => ({
  line: lexer.yylloc.first_line,
  column: lexer.yylloc.first_column + 1,
});

/** The words of a template, as far as they can be told apart. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  lexer.yy = {};
  lexer.setInput(source);
  try {
    for (;;) {
      const kind = names[lexer.lex()] ?? "EOF";
      tokens.push({ kind, text: lexer.yytext, place: herePlace() });
      if (kind === "EOF" || kind === "INVALID") return tokens;
    }
  } catch {
    return tokens; // a comment without an end; the parser tells of it
  }
}

/** Where Handlebars' parser, which has just thrown, was; it reads with the same lexer. */
export const parsePlace = (): { place: Place; text: string; atEnd: boolean } => ({
  place: herePlace(),
  text: lexer.match,
  atEnd: lexer.match === "",
});

const opening = new Set(["OPEN_BLOCK", "OPEN_INVERSE", "OPEN_RAW_BLOCK", "OPEN_PARTIAL_BLOCK"]);
const closing = new Set(["OPEN_ENDBLOCK", "END_RAW_BLOCK"]);

/** How deep blocks and expressions may be inside each other. */
const mostInside = 64;

/** The place at which a template goes deeper than it may; undefined where it never does. */
export function deepest(tokens: readonly Token[]): Place | undefined {
  const blocks: number[] = [];
  let [depth, brackets] = [0, 0];
  for (const { kind, place } of tokens) {
    if (opening.has(kind)) {
      blocks.push(1);
      depth++;
    } else if (kind === "OPEN_INVERSE_CHAIN" && blocks.length > 0) {
      // `{{else if}}` is a block inside the one before.
      blocks.push((blocks.pop() ?? 0) + 1);
      depth++;
    } else if (closing.has(kind)) depth -= blocks.pop() ?? 0;
    else if (kind === "OPEN_SEXPR") brackets++;
    else if (kind === "CLOSE_SEXPR") brackets--;
    if (depth + brackets > mostInside) return place;
  }
  return undefined;
}

/** The innermost block that is never ended. */
export function openBlock(tokens: readonly Token[]): { name: string; place: Place } | undefined {
  const open: { name: string; place: Place }[] = [];
  tokens.forEach(({ kind, place }, index) => {
    if (opening.has(kind)) open.push({ name: tokens[index + 1]?.text ?? "", place });
    else if (closing.has(kind)) open.pop();
  });
  return open.at(-1);
}
