import Handlebars from "handlebars";
import { json, ruby, sh } from "./quote.ts";

interface Compiler {
  compiler: CompilerClass;
  source: { currentLocation: unknown };
  nameLookup(parent: unknown, name: string, type: string): unknown;
  aliasable(name: string): unknown;
  quotedString(text: string): string;
}
type CompilerClass = new () => Compiler;
interface HelperOptions {
  loc: { start: { line: number; column: number } };
}

const environment = Handlebars.create() as typeof Handlebars & { JavaScriptCompiler: CompilerClass };

/**
 * Handlebars' own strict mode looks only at the last name of `{{a.b}}`: the arguments of helpers (`{{#if a.b}}`,
 * `{{ruby a.b}}`) may be missing, and a missing `a` is reported without its line. So every name is looked up by the
 * function that strict mode keeps for the last one; `nameLookup` is Handlebars' documented place to do that.
 */
class StrictCompiler extends environment.JavaScriptCompiler {
  override nameLookup(parent: unknown, name: string, type: string): unknown {
    if (type !== "context" && type !== "data") return super.nameLookup(parent, name, type);
    const [strict, location] = [
      this.aliasable("container.strict"),
      JSON.stringify(this.source.currentLocation),
    ];
    return [strict, "(Object(", parent, "), ", this.quotedString(name), ", ", location, ")"];
  }
}
StrictCompiler.prototype.compiler = StrictCompiler;
environment.JavaScriptCompiler = StrictCompiler;

/** The built-in `lookup` answers nothing for what is not there. */
function lookup(object: unknown, name: string | number): unknown {
  const found = Object.entries(Object(object) as object).find(([key]) => key === String(name));
  if (found === undefined) throw new TypeError(`"${name}" not defined in the object looked at`);
  return found[1];
}

const helpers = { ruby, sh, json, lookup };

for (const [name, helper] of Object.entries<(...values: never[]) => unknown>(helpers)) {
  environment.registerHelper(name, (...values: unknown[]) => {
    const { line, column } = (values.pop() as HelperOptions).loc.start;
    try {
      return helper(...(values as never[]));
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw Object.assign(new Error(said, { cause: error }), { lineNumber: line, column });
    }
  });
}

/**
 * Compiles a template in which every name must exist and nothing is escaped.
 * @param source its text, or its syntax tree, whose white space was dealt with when it was parsed
 */
export const compileStrict = (source: string | hbs.AST.Program): Handlebars.TemplateDelegate =>
  environment.compile(source, {
    ignoreStandalone: typeof source !== "string",
    assumeObjects: true,
    noEscape: true,
    knownHelpers: { ruby: true, sh: true, json: true },
    knownHelpersOnly: true,
  });
