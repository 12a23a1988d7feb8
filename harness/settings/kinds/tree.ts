import { isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments, visit } from "yaml";
import type { Document, Node, Pair, Scalar } from "yaml";
import type { Entry, Parsed, Remark } from "../entry.ts";
import { idleOf, linesOf } from "../entry.ts";
import type { Range } from "../traced-text.ts";

/** What leads to a value: the text of its path, and the keys that make it. */
interface Way {
  path: string;
  keys: readonly Range[];
}

const rangeOf = (node: unknown): Range[] => {
  const range = (node as Node | undefined)?.range;
  // A value that is left out has no characters.
  return range === undefined || range === null || range[0] === range[1]
    ? []
    : [{ start: range[0], end: range[1] }];
};

/** A scalar as its reader sees it; a text that would be of another type without its quotes keeps them. */
function textOf(scalar: Scalar): string {
  const { value, source, type } = scalar;
  if (typeof value !== "string") return source ?? String(value);
  if (type === "PLAIN") return value;
  const plain = /^(?:|~|null|true|false|yes|no|on|off|y|n|[-+]?[\d.][\d_.]*(?:e[-+]?\d+)?|0[xo][\da-f]+)$/i;
  return plain.test(value) ? JSON.stringify(value) : value;
}

/** The `name` of a list's item, which tells it from the others better than its place does. */
function nameIn(item: unknown): string | undefined {
  if (!isMap(item)) return undefined;
  const name = item.get("name", true);
  return isScalar(name) && typeof name.value === "string" ? name.value : undefined;
}

class Walk {
  readonly entries: Entry[] = [];
  readonly remarks: Remark[] = [];
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  node(node: unknown, way: Way): void {
    if (isAlias(node)) {
      this.node(node.resolve(this.#document), { ...way, keys: [...way.keys, ...rangeOf(node)] });
    } else if (isMap(node) && node.items.length > 0) this.#map(node.items, way);
    else if (isSeq(node) && node.items.length > 0) {
      const names = node.items.map(nameIn);
      const distinct = new Set(names.filter((name) => name !== undefined)).size === node.items.length;
      for (const [index, item] of node.items.entries()) {
        this.node(item, { ...way, path: `${way.path}[${distinct ? (names[index] ?? index) : index}]` });
      }
    } else if (isMap(node)) this.#set(way, "{}", rangeOf(node));
    else if (isSeq(node)) this.#set(way, "[]", rangeOf(node));
    else if (isScalar(node)) this.#set(way, textOf(node), rangeOf(node));
    else if (node === null) this.#set(way, "null", []);
  }

  #set({ path, keys }: Way, value: string, ranges: Range[]): void {
    const at = (keys.at(-1) ?? ranges[0])?.start ?? 0;
    const own = [...keys.slice(-1), ...ranges];
    this.entries.push({ key: path, value, state: "set", at, ranges: own, within: keys.slice(0, -1) });
  }

  #map(items: readonly unknown[], way: Way): void {
    const pairs = items.filter((item) => isPair(item));
    const name = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : String(key));
    const last = new Map(pairs.map((pair) => [name(pair), pair]));
    for (const pair of pairs) {
      const dotted = /^[\w-]+$/.test(name(pair)) ? name(pair) : JSON.stringify(name(pair));
      const path = way.path === "" ? dotted : `${way.path}.${dotted}`;
      const from = this.entries.length;
      this.node(pair.value, { path, keys: [...way.keys, ...rangeOf(pair.key)] });
      if (last.get(name(pair)) === pair) continue;
      const gone = this.entries.splice(from).map((entry) => ({ ...entry, state: "overridden" as const }));
      this.entries.push(...gone);
      this.remarks.push({
        severity: "warning",
        at: rangeOf(pair.key)[0]?.start ?? 0,
        message: `expected ${path} once, saw it again further down, where it wins`,
        hint: "remove the one that does not count",
        about: gone,
      });
    }
  }
}

/** What an object is called in print: `Service frontend`; nothing where it has no kind. */
function objectName(document: Document): string {
  const { contents } = document;
  if (!isMap(contents)) return "";
  const [kind, name] = [contents.get("kind"), contents.getIn(["metadata", "name"])];
  return typeof kind === "string" ? `${kind} ${typeof name === "string" ? name : "without a name"}: ` : "";
}

/** Anchors and tags stand outside of their node's range, and are part of what it means. */
function decorations(document: Document, text: string): Range[] {
  const found: Range[] = [];
  visit(document, {
    Node: (_, node) => {
      const [start] = node.range ?? [];
      if (start === undefined || (!("anchor" in node) && node.tag === undefined)) return;
      const before = /(?:[&!][^\s]*\s+)+$/.exec(text.slice(0, start))?.[0] ?? "";
      if (before !== "") found.push({ start: start - before.length, end: start });
    },
  });
  return found;
}

/** Lines that would set something if they were no comments: `# type: NodePort`. */
function commented(text: string, objects: readonly { start: number; name: string }[]): Entry[] {
  return linesOf(text).flatMap((line): Entry[] => {
    const found = /^\s*#\s*(?:- )?([a-z][\w.-]*):(?:\s+(\S.*?))?\s*$/d.exec(line.text);
    if (found?.[1] === undefined) return [];
    const at = line.start + (found.indices?.[1]?.[0] ?? 0);
    const name = objects.findLast(({ start }) => start <= line.start)?.name ?? "";
    const ranges = [{ start: at, end: line.start + line.text.trimEnd().length }];
    return [{ key: `${name}${found[1]}`, value: found[2] ?? "", state: "commented", at, ranges }];
  });
}

/** A file that cannot be read as it must be: its lines, so that something can be blamed. */
function unreadable(text: string, remark: Omit<Remark, "about">): Parsed {
  const entries = linesOf(text).flatMap((line): Entry[] => {
    const value = line.text.trim();
    if (value === "") return [];
    const at = line.start + line.text.indexOf(value);
    return [
      {
        key: `line ${line.number}`,
        value,
        state: "set",
        at,
        ranges: [{ start: at, end: at + value.length }],
      },
    ];
  });
  const at = entries.findLast((entry) => entry.at <= remark.at) ?? entries[0];
  return {
    entries,
    remarks: [{ ...remark, about: at === undefined ? [] : [at] }],
    idle: idleOf(text, entries),
  };
}

/** YAML, each object's values by their paths. */
export function parseYaml(text: string): Parsed {
  const documents = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false });
  const read = Array.isArray(documents) ? documents : [];
  const [error] = read.flatMap(({ errors }) => errors);
  if (error !== undefined) {
    return unreadable(text, {
      severity: "refused",
      at: error.pos[0],
      message: `expected YAML, saw ${error.message.split("\n")[0] ?? "something else"}`,
      hint: "mind indentation, quotes and brackets, here and just above",
    });
  }
  const walks = read.map((document) => {
    const walk = new Walk(document);
    const name = objectName(document);
    if (document.contents !== null) walk.node(document.contents, { path: "", keys: [] });
    return { walk, name, document };
  });
  const named = <Item extends Entry>(entry: Item, name: string): Item => ({
    ...entry,
    key: `${name}${entry.key}`,
  });
  const objects = walks.map(({ document, name }) => ({ start: document.range[0], name }));
  const entries = [
    ...walks.flatMap(({ walk, name }) => walk.entries.map((entry) => named(entry, name))),
    ...commented(text, objects),
  ];
  const remarks = walks.flatMap(({ walk, name }) =>
    walk.remarks.map((remark) => ({ ...remark, about: remark.about.map((entry) => named(entry, name)) })),
  );
  return {
    entries,
    remarks,
    idle: idleOf(
      text,
      entries,
      read.flatMap((document) => decorations(document, text)),
    ),
  };
}

/** Where V8 says that JSON goes wrong. */
function errorAt(error: Error, text: string): number {
  const position = /at position (\d+)/.exec(error.message)?.[1];
  if (position !== undefined) return Number(position);
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(error.message) ?? [];
  if (line === undefined) return Math.max(0, text.trimEnd().length - 1);
  return (linesOf(text)[Number(line) - 1]?.start ?? 0) + Number(column) - 1;
}

/** JSON, its values by their paths. */
export function parseJson(text: string): Parsed {
  try {
    JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return unreadable(text, {
      severity: "refused",
      at: Math.min(errorAt(error, text), text.trimEnd().length - 1),
      message: `expected JSON, saw ${error.message.replace(/ in JSON at position.*| \(line.*/, "")}`,
      hint: "mind commas, quotes and closing brackets",
    });
  }
  // JSON is YAML, too, and YAML's values know where they stand; a tab at a line's start is none of YAML's.
  const parsed = parseYaml(text.replaceAll("\t", " "));
  return { ...parsed, entries: parsed.entries.filter(({ state }) => state !== "commented") };
}
