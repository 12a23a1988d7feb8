import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Fact, Observation } from "../../harness/facts/fact.ts";
import { project } from "../../harness/paths.ts";

type AnyFact = Fact<unknown, readonly string[]>;
/** Changes a leaf of what a fact says: a text, a number, a truth. */
export type Change = (leaf: unknown) => unknown;

const isFact = (value: unknown): value is AnyFact =>
  typeof value === "object" && value !== null && "parse" in value && "ask" in value;

/** All facts, as the modules of the specs have them: a test's own are others. */
export async function allFacts(): Promise<AnyFact[]> {
  const folder = join(project, "harness", "facts");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".ts"));
  const modules = await Promise.all(
    files.map((name) => import(pathToFileURL(join(folder, name)).href) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((module) => Object.values(module)).filter(isFact);
}

/** Has facts say something else while the work lasts. */
export async function saying<T>(
  facts: readonly AnyFact[],
  alter: (fact: string, said: unknown) => unknown,
  work: () => Promise<T>,
): Promise<T> {
  const parsers = facts.map((fact) => fact.parse);
  facts.forEach((fact, at) => {
    const parse = (stdout: string, seen: Observation) => alter(fact.name, parsers[at]?.(stdout, seen));
    Object.assign(fact, { parse });
  });
  try {
    return await work();
  } finally {
    facts.forEach((fact, at) => Object.assign(fact, { parse: parsers[at] }));
  }
}

/** What has keys that are data themselves, so that all of them are one field. */
const records = ["labels", "selector", "environment", "texts", "policies"];

/** The fields of what a fact said, with the kinds of values seen there: "pods[].labels.*". */
export function fieldsOf(said: unknown, path: string, into = new Set<string>()): Set<string> {
  if (Array.isArray(said)) for (const item of said as unknown[]) fieldsOf(item, `${path}[]`, into);
  else if (typeof said === "object" && said !== null)
    for (const [key, value] of Object.entries(said)) fieldsOf(value, `${path}.${keyOf(path, key)}`, into);
  else if (said !== undefined) into.add(path);
  return into;
}

const keyOf = (path: string, key: string): string =>
  records.some((name) => path.endsWith(`.${name}`)) ? "*" : key;

/** What a fact said, with one field of it changed wherever it is. */
export function withField(said: unknown, path: string, field: string, change: Change): unknown {
  if (Array.isArray(said)) return said.map((item: unknown) => withField(item, `${path}[]`, field, change));
  if (typeof said === "object" && said !== null) {
    return Object.fromEntries(
      Object.entries(said).map(([key, value]) => [
        key,
        withField(value, `${path}.${keyOf(path, key)}`, field, change),
      ]),
    );
  }
  return path === field && said !== undefined ? change(said) : said;
}
