import { isAlias, isCollection, isMap, isNode, isPair, isScalar } from "yaml";
import type { Alias, Document } from "yaml";
import { quotedName } from "./problem.ts";

/** How many values all aliases of a file may stand for together. */
const mostAliased = 10_000;

/** Something that has no one meaning, at a position in the text. */
export interface Unclear {
  position: number;
  expected: string;
  saw: string;
  hint: string;
  /** Whether what the file says cannot be told because of it. */
  fatal: boolean;
}

/** Where a node begins; an empty value has no place of its own. */
export const offset = (node: unknown): number | undefined =>
  isNode(node) && !(isScalar(node) && node.value === null) ? node.range?.[0] : undefined;

/** The first keys and aliases of a document that have no one meaning, at most so many. */
export function unclearIn(document: Document.Parsed, most: number): Unclear[] {
  const found: Unclear[] = [];
  let unfolded = 0;
  /** How many values a node stands for, of nodes that were gone through to their end. */
  const sizes = new Map<unknown, number>();
  const sizeOf = (node: unknown): number => {
    if (found.length >= most) return 1;
    if (isPair(node)) return sizeOf(node.value);
    if (isAlias(node)) {
      const meant = node.resolve(document);
      const size = sizes.get(meant);
      unfolded += size ?? 0;
      if (size !== undefined && unfolded <= mostAliased) return size;
      found.push(badAlias(node, meant === undefined ? "which no anchor before it has" : size));
      return 1;
    }
    let size = 1;
    if (isMap(node)) found.push(...badKeys(node.items));
    if (isCollection(node)) for (const item of node.items) size += sizeOf(item);
    sizes.set(node, size);
    return size;
  };
  sizeOf(document.contents);
  return found.slice(0, most);
}

/** An alias that means nothing, itself, or too much. */
const badAlias = (alias: Alias, why: string | number = "inside itself"): Unclear => ({
  position: offset(alias) ?? 0,
  expected: "YAML without such aliases",
  saw: `*${quotedName(alias.source)}, ${typeof why === "number" ? `which unfolds to ${why} values` : why}`,
  hint: "write the values out instead",
  fatal: true,
});

/** Keys that are no texts, and such as come twice. */
function badKeys(pairs: { key: unknown }[]): Unclear[] {
  const seen = new Set<string>();
  return pairs.flatMap(({ key }): Unclear[] => {
    const position = (isNode(key) ? key.range?.[0] : undefined) ?? 0;
    const value = isScalar(key) ? key.value : undefined;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      const saw = isCollection(key) ? "a list or map" : isAlias(key) ? "an alias" : "nothing";
      return [{ position, expected: "a text as the key", saw, hint: "put it in quotes", fatal: true }];
    }
    const name = String(value);
    if (name === "__proto__") {
      const hint = "no setting has that name";
      return [{ position, expected: "a key that is known here", saw: "`__proto__`", hint, fatal: true }];
    }
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const hint = "remove one of the two; which would count is not obvious";
    return [
      { position, expected: "each key once", saw: `\`${quotedName(name)}\` again`, hint, fatal: false },
    ];
  });
}
