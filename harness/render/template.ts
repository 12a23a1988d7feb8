import { isAbsolute, relative, resolve } from "node:path";
import { BadConfiguration } from "../errors.ts";
import { clipped } from "../lab/problem.ts";
import { project } from "../paths.ts";
import { readText, Unreadable } from "../read.ts";
import { TemplateMistake } from "./grammar.ts";
import { compileStrict } from "./handlebars.ts";

/** A template's name in messages: its path in the project, or its whole path where it lies elsewhere. */
export function templateName(file: string): string {
  const path = relative(project, resolve(project, file));
  return path.startsWith("..") || isAbsolute(path) ? file : path;
}

function badTemplate(mistake: TemplateMistake, source: string, name: string, data: object): BadConfiguration {
  const { place, expected, saw } = mistake;
  const line = source.split("\n")[place.line - 1];
  return new BadConfiguration({
    message: `${name}:${place.line}:${place.column}  expected ${expected}, saw ${saw}`,
    details: line === undefined || line.trim() === "" ? [] : [clipped(line.trim(), 200)],
    hint: `a template can name ${Object.keys(data).sort().join(", ") || "nothing"}; its helpers are ruby, sh, json`,
    cause: mistake,
  });
}

/**
 * Renders a template's text.
 * @throws BadConfiguration with template:line:column when the template is malformed, names what is not in the data, or
 *   writes what is no text, number or boolean
 */
export function renderString(source: string, name: string, data: object): string {
  try {
    return compileStrict(source)(data);
  } catch (error) {
    if (error instanceof TemplateMistake) throw badTemplate(error, source, name, data);
    throw error;
  }
}

/**
 * The text of a template or script.
 * @throws BadConfiguration with its name where it cannot be read or is no UTF-8
 */
export async function readTemplate(file: string): Promise<string> {
  return readText(resolve(project, file)).catch((error: unknown) => {
    if (!(error instanceof Unreadable)) throw error;
    const place = error.at === undefined ? "" : `:${error.at.line}:${error.at.column}`;
    throw new BadConfiguration({
      message: `${templateName(file)}${place}  expected a text in UTF-8, saw ${error.message}`,
      hint: "a file that does not end in .hbs goes to the machine as it is, byte by byte",
      cause: error,
    });
  });
}

/**
 * Renders a template file, given by its whole path or its path in the project.
 * @throws BadConfiguration as `renderString` does
 */
export async function renderTemplate(file: string, data: object): Promise<string> {
  return renderString(await readTemplate(file), templateName(file), data);
}
