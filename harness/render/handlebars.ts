import Handlebars from "handlebars";
import { parseTemplate, TemplateMistake } from "./grammar.ts";
import { json, kindOf, ruby, sh } from "./quote.ts";

interface Compiler {
  compiler: CompilerClass;
  source: { currentLocation: unknown };
  nameLookup(parent: unknown, name: string, type: string): unknown;
  quotedString(text: string): string;
}
type CompilerClass = new () => Compiler;
interface Location {
  start: { line: number; column: number };
}
interface HelperOptions {
  loc: Location;
}

const environment = Handlebars.create() as typeof Handlebars & { JavaScriptCompiler: CompilerClass };

/**
 * Handlebars' own strict mode looks only at the last name of `{{a.b}}`, and takes what a value inherits, such as
 * `constructor`, for there. So every name is looked up by `own`; `nameLookup` is Handlebars' documented place to do that.
 */
class StrictCompiler extends environment.JavaScriptCompiler {
  override nameLookup(parent: unknown, name: string, type: string): unknown {
    if (type !== "context" && type !== "data") return super.nameLookup(parent, name, type);
    const location = JSON.stringify(this.source.currentLocation);
    return ["helpers.own(", parent, ", ", this.quotedString(name), ", ", location, ")"];
  }
}
StrictCompiler.prototype.compiler = StrictCompiler;
environment.JavaScriptCompiler = StrictCompiler;

const place = ({ start }: Location) => ({ line: start.line, column: start.column + 1 });

/** A value by its name: one that is the object's own, and not what every object has. */
function own(object: unknown, name: string, location: Location): unknown {
  const holder: object = Object(object) as object;
  if (Object.hasOwn(holder, name)) return (holder as Record<string, unknown>)[name];
  throw new TemplateMistake(place(location), `a value for "${name}"`, "none in the template's data");
}
environment.registerHelper("own", own);

/** The built-in `lookup` answers nothing for what is not there. */
const lookup = (object: unknown, name: unknown, { loc }: HelperOptions): unknown =>
  own(object, String(name), loc);

/** What `{{…}}` writes: a text, a number or a boolean, and nothing that only looks like one. */
function print(value: unknown, { loc }: HelperOptions): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return String(value);
  throw new TemplateMistake(place(loc), "a text, a number or a boolean to write", kindOf(value));
}

/** How many rounds all `each` of one template may make together. */
const mostRounds = 100_000;
let rounds = 0;

/** The built-in `each` takes everything, and does nothing for what is no list. */
function each(this: unknown, list: unknown, options: HelperOptions): unknown {
  if (typeof list !== "object" || list === null)
    throw new TemplateMistake(place(options.loc), "a list or a map for `each`", kindOf(list));
  rounds += Object.keys(list).length;
  if (rounds > mostRounds)
    throw new TemplateMistake(place(options.loc), `at most ${mostRounds} rounds of all \`each\``, "more");
  return Handlebars.helpers["each"]?.call(this, list, options);
}

const quoting =
  (quote: (value: unknown) => string) =>
  (value: unknown, { loc }: HelperOptions): string => {
    try {
      return quote(value);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      const [, expected = "a value", saw = error.message] =
        /^expected (.*), saw (.*)$/.exec(error.message) ?? [];
      throw new TemplateMistake(place(loc), expected, saw);
    }
  };

const helpers = { ruby: quoting(ruby), sh: quoting(sh), json: quoting(json), lookup, print };
for (const [name, helper] of Object.entries(helpers)) environment.registerHelper(name, helper);
environment.registerHelper("each", each);

/** What is written goes through `print`, whatever it is. */
class Printing extends Handlebars.Visitor {
  override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
    const { path, params, loc } = mustache;
    const calls = params.length > 0;
    const value = calls ? { ...mustache, type: "SubExpression" } : path;
    mustache.params = [value];
    mustache.path = {
      type: "PathExpression",
      original: "print",
      parts: ["print"],
      data: false,
      depth: 0,
      loc,
    } as unknown as hbs.AST.PathExpression;
    mustache.hash = undefined as unknown as hbs.AST.Hash;
  }
}

/**
 * Compiles a template in which every name must be the data's own, only texts, numbers and booleans are written, and
 * nothing is escaped.
 * @param source its text, or its syntax tree as `parseTemplate` answers it
 * @throws TemplateMistake, as the template does when it is rendered
 */
export function compileStrict(source: string | hbs.AST.Program): (data: object) => string {
  const program = structuredClone(typeof source === "string" ? parseTemplate(source) : source);
  new Printing().accept(program);
  const template = environment.compile<object>(program, {
    ignoreStandalone: true, // it was dealt with when the template was read
    assumeObjects: true,
    noEscape: true,
    knownHelpers: { ruby: true, sh: true, json: true, print: true },
    knownHelpersOnly: true,
  });
  return (data) => {
    rounds = 0;
    return template(data);
  };
}
