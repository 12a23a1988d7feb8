import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { BadConfiguration } from "../errors.ts";
import { Issues } from "./issues.ts";
import { badFile } from "./problem.ts";
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
  check?: (value: unknown, malformed: PropertyKey[][]) => Problem[];
}

/**
 * Checks a YAML text and answers its value, with defaults filled in.
 * @param file its path, as messages show it
 * @throws BadConfiguration with every mistake at once, each as `file:line:column  path: expected X, saw Y` and a hint
 */
function parseYaml<Schema extends z.ZodType>(
  text: string,
  file: string,
  kind: Kind<Schema>,
): z.output<Schema> {
  const yaml = new YamlText(text);
  if (!yaml.readable) throw badFile(file, kind.noun, yaml.problems);
  const parsed = kind.schema.safeParse(yaml.value);
  const shape = parsed.success
    ? []
    : new Issues(kind.schema, yaml.value, kind.help).problems(parsed.error.issues);
  // A key too many makes nothing else malformed.
  const malformed = shape.filter((problem) => problem.at !== "key").map((problem) => problem.path);
  const beyond = kind.check?.(yaml.value, malformed) ?? [];
  const problems = [...shape, ...beyond].map((problem) => yaml.locate(problem));
  if (!parsed.success || problems.length + yaml.problems.length > 0) {
    throw badFile(file, kind.noun, [...yaml.problems, ...problems]);
  }
  return parsed.data;
}

/** Reads and checks a YAML file, as `parseYaml` does; one that cannot be read is a BadConfiguration too. */
export async function readYaml<Schema extends z.ZodType>(
  path: string,
  file: string,
  kind: Kind<Schema>,
): Promise<z.output<Schema>> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new BadConfiguration({
      message: `${file}: expected a ${kind.noun}, saw a file that cannot be read (${code})`,
      hint: kind.help,
      cause: error,
    });
  });
  return parseYaml(text, file, kind);
}
