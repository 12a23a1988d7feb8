import type { z } from "zod";
import { quotedName, pathText, show } from "./lab/problem.ts";
import { asText, readBytes, Unreadable } from "./read.ts";

/** What we write down of a run is never longer. */
const mostKept = 64 * 2 ** 20;

/** JSON as a value. @throws Unreadable where it is none, or nests without end */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Unreadable(text.trim() === "" ? "an empty file" : "no JSON, or half of it", { cause: error });
  }
}

/** What the first thing wrong with a value is: "`lab.name`: nothing". */
function wrongIn(value: unknown, issue: z.core.$ZodIssue | undefined): string {
  const path = [...(issue?.path ?? [])];
  const inner = path.reduce<unknown>(
    (at, part) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, part)
        ? (at as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );
  const key = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  if (key !== undefined) return `\`${quotedName(key)}\`, which is no part of it`;
  return path.length === 0 ? show(value) : `\`${pathText(path)}\`: ${show(inner)}`;
}

/** A value as the schema says it is. @throws Unreadable with the first thing in it that is not */
export function asWritten<Schema extends z.ZodType>(value: unknown, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Unreadable(wrongIn(value, parsed.error.issues[0]), { cause: parsed.error });
}

/**
 * What an earlier command wrote down. @throws Unreadable where there is no such file, it is damaged, somebody else's or
 * of another version
 */
export const readJson = async <Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> => asWritten(parseJson(asText(await readBytes(path, mostKept))), schema);
