import { z } from "zod";
import { nearest } from "./nearest.ts";
import { mostTold, quotedName, show } from "./problem.ts";
import type { Problem } from "./problem.ts";

type Issue = z.core.$ZodIssue;
type JsonSchema = z.core.JSONSchema.BaseSchema;

const kinds: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map of values",
  array: "a list",
};

const quoted = (words: unknown[]): string => words.map((word) => `\`${String(word)}\``).join(", ");

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, part)
        ? (at as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );
}

/** The parts of a schema that speak of the value at a path: several where there are alternatives. */
function schemasAt(schemas: JsonSchema[], path: PropertyKey[]): JsonSchema[] {
  const all = schemas.flatMap((schema) => [schema, ...(schema.anyOf ?? [])]);
  const [part, ...rest] = path;
  if (part === undefined) return all;
  const next = all.flatMap((schema) => {
    const inner = typeof part === "number" ? schema.items : schema.properties?.[String(part)];
    return typeof inner === "object" && !Array.isArray(inner) ? [inner] : [];
  });
  return schemasAt(next, rest);
}

function expectation(issue: Issue): string {
  if (issue.message.startsWith("expected ")) return issue.message.slice("expected ".length);
  switch (issue.code) {
    case "invalid_type":
      return kinds[issue.expected] ?? issue.expected;
    case "invalid_value":
      return issue.values.length === 1 ? quoted(issue.values) : `one of ${quoted(issue.values)}`;
    case "too_small":
      if (issue.origin === "string") return "a text that is not empty";
      return issue.origin === "array" ? `at least ${issue.minimum} in the list` : `at least ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "string") return `at most ${issue.maximum} characters`;
      return issue.origin === "array" ? `at most ${issue.maximum} in the list` : `at most ${issue.maximum}`;
    case "invalid_format":
      return issue.pattern === undefined
        ? `a text of the form ${issue.format}`
        : `a text that matches ${issue.pattern}`;
    default:
      return issue.message.replace(/^Invalid /, "another ");
  }
}

/** Turns what zod found wrong into problems, with hints from the schema's descriptions. */
export class Issues {
  readonly #schema: JsonSchema;
  readonly #value: unknown;
  readonly #help: string;

  /** `help` is the hint where nothing better is known. */
  constructor(schema: z.ZodType, value: unknown, help: string) {
    this.#schema = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
    this.#value = value;
    this.#help = help;
  }

  /** The first problems, and how many more there are: to tell all of very many takes for ever. */
  problems(issues: Issue[]): { problems: Problem[]; more: number } {
    const single = issues.flatMap((issue): Issue[] =>
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue],
    );
    const told = single.slice(0, mostTold);
    return { problems: this.#told(told), more: single.length - told.length };
  }

  #told(issues: Issue[], at: PropertyKey[] = []): Problem[] {
    return issues.flatMap((issue) => {
      const path = [...at, ...issue.path];
      if (issue.code === "unrecognized_keys") return issue.keys.map((key) => this.#unknownKey(path, key));
      if (issue.code === "invalid_union") return this.#union(path, issue.errors);
      const saw = show(valueAt(this.#value, path));
      return [{ path, expected: expectation(issue), saw, hint: this.#hint(issue, path) }];
    });
  }

  #unknownKey(path: PropertyKey[], key: string): Problem {
    const known = schemasAt([this.#schema], path).flatMap((schema) => Object.keys(schema.properties ?? {}));
    const meant = nearest(key, known);
    return {
      path: [...path, key],
      at: "key",
      expected: "a key that is known here",
      saw: `\`${quotedName(key)}\``,
      hint: meant === undefined ? `known here: ${known.join(", ")}` : `did you mean \`${meant}\`?`,
    };
  }

  /** The alternative that comes nearest, with the others' wishes as its hint. */
  #union(path: PropertyKey[], alternatives: Issue[][]): Problem[] {
    const each = alternatives.map((issues) => this.#told(issues, path));
    const [chosen = [], ...others] = each.toSorted((a, b) => a.length - b.length);
    const [first] = chosen;
    if (first === undefined) return [];
    if (each.every((problems) => problems.every((problem) => problem.path.length === path.length))) {
      const expected = [...new Set(each.flat().map((problem) => problem.expected))].join(", or ");
      return [{ ...first, expected, hint: this.#describe(path) ?? first.hint }];
    }
    const instead = others.flatMap(([problem]) =>
      problem === undefined ? [] : [`or ${problem.expected} as ${String(problem.path.at(-1))}`],
    );
    return [{ ...first, hint: [first.hint, ...new Set(instead)].join("; ") }, ...chosen.slice(1)];
  }

  #describe(path: PropertyKey[]): string | undefined {
    return schemasAt([this.#schema], path).find((schema) => schema.description !== undefined)?.description;
  }

  #hint(issue: Issue, path: PropertyKey[]): string {
    const value = valueAt(this.#value, path);
    const about = this.#describe(path) ?? this.#help;
    if (value === undefined && typeof path.at(-1) === "string")
      return `add \`${String(path.at(-1))}\`: ${about}`;
    if (issue.code === "invalid_value" && typeof value === "string") {
      const meant = nearest(value, issue.values.map(String));
      if (meant !== undefined) return `did you mean \`${meant}\`?`;
    }
    if (issue.code === "invalid_type" && typeof value === "string" && /^(\d+|true|false)$/.test(value)) {
      return "write it without quotes";
    }
    if (issue.code === "invalid_type" && issue.expected === "string" && typeof value !== "object") {
      return "put it in quotes";
    }
    return about;
  }
}
