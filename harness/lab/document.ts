import type { z } from "zod";
import { BadConfiguration } from "../errors.ts";
import { typedPath } from "../paths.ts";
import { readText, Unreadable } from "../read.ts";
import { Issues } from "./issues.ts";
import { badFile, mostTold } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { YamlText } from "./yaml.ts";

/** A kind of YAML file. */
export interface Kind<Schema extends z.ZodType> {
  /** What to call it: "lab file". */
  noun: string;
  schema: Schema;
  /** A hint that always fits: where to see a working one. */
  help: string;
  /** What is wrong beyond the shape, given what the file holds and the paths at which that is malformed. */
  check?: (value: unknown, malformed: PropertyKey[][]) => Problem[] | Promise<Problem[]>;
}

/**
 * Checks a YAML text and answers its value, with defaults filled in.
 * @param file its path, as messages show it
 * @throws BadConfiguration with every mistake at once, each as `file:line:column  path: expected X, saw Y` and a hint
 */
async function parseYaml<Schema extends z.ZodType>(
  text: string,
  file: string,
  kind: Kind<Schema>,
): Promise<z.output<Schema>> {
  const yaml = new YamlText(text);
  if (!yaml.readable) throw badFile(file, kind.noun, yaml.problems);
  const parsed = kind.schema.safeParse(yaml.value);
  const { problems: shape, more } = parsed.success
    ? { problems: [], more: 0 }
    : new Issues(kind.schema, yaml.value, kind.help).problems(parsed.error.issues);
  // A key too many makes nothing else malformed.
  const malformed = shape.filter((problem) => problem.at !== "key").map((problem) => problem.path);
  // Where there is more wrong than is told, more would only be guessed.
  const beyond = more > 0 ? [] : ((await kind.check?.(yaml.value, malformed)) ?? []);
  const told = beyond.slice(0, mostTold);
  const problems = [...shape, ...told].map((problem) => yaml.locate(problem));
  if (!parsed.success || problems.length + yaml.problems.length > 0) {
    throw badFile(file, kind.noun, [...yaml.problems, ...problems], more + beyond.length - told.length);
  }
  return parsed.data;
}

/** The text of such a file. @throws BadConfiguration where there is none */
async function textOf(path: string, file: string, { noun, help }: Kind<z.ZodType>): Promise<string> {
  return readText(path).catch((error: unknown) => {
    if (!(error instanceof Unreadable)) throw error;
    const place = error.at === undefined ? file : `${file}:${error.at.line}:${error.at.column}`;
    throw new BadConfiguration({
      message: `${place}: expected a ${noun}, saw ${error.message}`,
      hint: help,
      cause: error,
    });
  });
}

/** Reads and checks a YAML file, as `parseYaml` does; one that cannot be read is a BadConfiguration too. */
export async function readYaml<Schema extends z.ZodType>(
  path: string,
  file: string,
  kind: Kind<Schema>,
): Promise<z.output<Schema>> {
  return parseYaml(await textOf(path, file, kind), file, kind);
}

/**
 * Where a YAML file that was read says something, as `file:line:column`; the file alone where that cannot be told any more.
 * @param file its path, as messages show it
 * @param path where the file is, when that is not what messages show
 */
export async function placeIn(file: string, about: PropertyKey[], path = file): Promise<string> {
  const text = await readText(typedPath(path)).catch(() => undefined);
  if (text === undefined) return file;
  const { line, column } = new YamlText(text).locate({ path: about, expected: "", saw: "", hint: "" });
  return `${file}:${line}:${column}`;
}
