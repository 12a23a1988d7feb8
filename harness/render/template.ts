import { readFile } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import { BadConfiguration } from "../errors.ts";
import { project } from "../paths.ts";
import { compileStrict } from "./handlebars.ts";

/** A template's name in messages: its path in the project, or its whole path where it lies elsewhere. */
export function templateName(file: string): string {
  const path = relative(project, resolve(project, file));
  return path.startsWith("..") || isAbsolute(path) ? file : path;
}

/** Where Handlebars says the trouble is: line from 1, column from 1. */
function position(error: unknown): { line: number; column?: number } | undefined {
  const { lineNumber, column } = error as { lineNumber?: number; column?: number };
  if (lineNumber !== undefined)
    return { line: lineNumber, ...(column !== undefined && { column: column + 1 }) };
  const line = /Parse error on line (\d+)/.exec(String(error))?.[1];
  return line === undefined ? undefined : { line: Number(line) };
}

function badTemplate(error: unknown, source: string, name: string, data: object): BadConfiguration {
  const at = position(error);
  const said = error instanceof Error ? error.message.replace(/ - \d+:\d+$/, "") : String(error);
  const missing = /^"(.*)" not defined in/.exec(said)?.[1];
  const place = [name, at?.line, at?.column].filter((part) => part !== undefined).join(":");
  const line = at === undefined ? undefined : source.split("\n")[at.line - 1];
  return new BadConfiguration({
    message:
      missing === undefined
        ? `${place}  expected a template, saw an error: ${said.split("\n").at(-1) ?? said}`
        : `${place}  expected a value for "${missing}", saw none in the template's data`,
    details: line === undefined ? [] : [line.trim()],
    hint: `a template can name ${Object.keys(data).sort().join(", ") || "nothing"}; its helpers are ruby, sh, json`,
    cause: error,
  });
}

/**
 * Renders a template's text.
 * @throws BadConfiguration with template:line:column when the template is malformed or names what is not in the data
 */
export function renderString(source: string, name: string, data: object): string {
  try {
    return compileStrict(source)(data);
  } catch (error) {
    throw badTemplate(error, source, name, data);
  }
}

/**
 * Renders a template file, given by its whole path or its path in the project.
 * @throws BadConfiguration as `renderString` does
 */
export async function renderTemplate(file: string, data: object): Promise<string> {
  const source = await readFile(resolve(project, file), "utf8");
  return renderString(source, templateName(file), data);
}
