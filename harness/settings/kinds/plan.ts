import { isMap, isPair, isScalar, isSeq, parseDocument } from "yaml";
import type { Node, Pair } from "yaml";
import type { Entry, Parsed } from "../entry.ts";
import { idleOf, linesOf } from "../entry.ts";
import { matches } from "../../provision/patterns.ts";
import { defaultSettings } from "../../provision/role.ts";
import type { Role } from "../../provision/role.ts";
import type { Range } from "../traced-text.ts";

const rangeOf = (node: unknown): Range => {
  const range = (node as Node | undefined)?.range;
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
};

/** The keys and values under a node, by their text: `unit`, `docker`. */
function scalars(node: unknown): { text: string; range: Range }[] {
  if (isScalar(node)) return [{ text: String(node.value), range: rangeOf(node) }];
  if (isSeq(node)) return node.items.flatMap(scalars);
  if (isMap(node)) return node.items.flatMap(scalars);
  if (isPair(node)) return [...scalars(node.key), ...scalars(node.value)];
  return [];
}

const set = (key: string, value: string, ranges: readonly Range[]): Entry => ({
  key: `plan: ${key}`,
  value,
  state: "set",
  at: ranges.at(-1)?.start ?? 0,
  ranges,
});

const listed = (names: readonly string[]): string => names.join(", ") || "nothing";

/** What one item of a plan says. */
function ofItem(node: unknown, role: Role): { entries: Entry[]; says: string[] } {
  if (!isMap(node)) return { entries: [], says: [] };
  const [first, ...more] = node.items;
  if (first === undefined) return { entries: [], says: [] };
  const kinds = { packages: "package", files: "file", images: "image" } as const;
  const keyed = String(isScalar(first.key) ? first.key.value : first.key);
  const key = rangeOf(first.key);
  if (keyed in kinds) {
    const kind = kinds[keyed as keyof typeof kinds];
    const names = scalars(first.value);
    const entries = names.flatMap(({ text, range }) => {
      if (kind !== "file") return [set(`${kind} ${text}`, text, [key, range])];
      return role.paths
        .filter((path) => matches(text, path))
        .map((path) => set(`file ${path}`, text, [key, range]));
    });
    return { entries, says: names.map(({ text }) => `${kind} ${text}`) };
  }
  const [name] = scalars(first.value);
  if (name === undefined) return { entries: [], says: [] };
  const called = `${keyed} ${name.text}`;
  const entries = [set(called, name.text, [key, name.range]), ...more.map((pair) => ofColumn(pair, called))];
  return { entries, says: [called] };
}

/** What a plan's item or a file's row says beside its name: `restarts of step x`, `await x from`. */
function ofColumn(pair: Pair, called: string): Entry {
  const column = String(isScalar(pair.key) ? pair.key.value : pair.key);
  const values = scalars(pair.value);
  const key = column === "from" ? `${called} from` : `${column} of ${called}`;
  return set(key, listed(values.map(({ text }) => text)), [
    ...values.map(({ range }) => range),
    rangeOf(pair.key),
  ]);
}

/** Each file's mode, owner and restarts, from the table where they stand there, else as they are by themselves. */
function ofFiles(node: unknown, role: Role, placed: readonly Entry[], heading: readonly Range[]): Entry[] {
  const table = isMap(node) ? node.items : [];
  return role.paths.flatMap((path) => {
    const row = table.find(({ key }) => isScalar(key) && key.value === path);
    const columns = isMap(row?.value) ? row.value.items : [];
    const where = placed.find(({ key }) => key === `plan: file ${path}`)?.ranges.slice(-1) ?? [];
    const settings = role.files[path] ?? defaultSettings;
    const others = columns.filter(
      ({ key }) => !(isScalar(key) && /^(mode|owner|restarts)$/.test(String(key.value))),
    );
    const always = (["mode", "owner", "restarts"] as const).map((column) => {
      const cell = columns.find(({ key }) => isScalar(key) && key.value === column);
      const given = settings[column];
      const value = typeof given === "string" ? given : listed(given);
      const written =
        cell === undefined ? [] : [rangeOf(cell.key), ...scalars(cell.value).map(({ range }) => range)];
      const own = row === undefined ? [] : [rangeOf(row.key)];
      const entry = set(`${column} of ${path}`, value, [...written, ...own]);
      return { ...entry, within: heading, at: (written[0] ?? own[0] ?? where[0])?.start ?? 0 };
    });
    return [...always, ...others.map((pair) => ({ ...ofColumn(pair, path), within: heading }))];
  });
}

/** Items that would be in the plan if they were no comments. */
const commented = (text: string): Entry[] =>
  linesOf(text).flatMap((line): Entry[] => {
    const [, sign = "", kind, names = ""] =
      /^(\s*#\s*-\s+)(unit|step|packages|files|await|images):\s*(.*?)(?:\s+#.*)?$/.exec(line.text) ?? [];
    if (kind === undefined) return [];
    const at = line.start + sign.length;
    const ranges = [{ start: at, end: line.start + line.text.length }];
    return names
      .replace(/^\[|\]$/g, "")
      .split(/\s*,\s*/)
      .map((name) => ({
        key: `plan: ${kind.replace(/s$/, "")} ${name}`,
        value: name,
        state: "commented" as const,
        at,
        ranges,
      }));
  });

/** A role file, which was found right: each item of its plan, their order, and how its files are placed. */
export function parsePlan(text: string, role: Role): Parsed {
  const document = parseDocument(text);
  const plan = document.get("plan", true);
  const items = isSeq(plan) ? plan.items.map((item) => ofItem(item, role)) : [];
  const placed = items.flatMap(({ entries }) => entries);
  const top = isMap(document.contents) ? document.contents.items : [];
  const keyOf = (name: string): Range[] =>
    top.filter(({ key }) => isScalar(key) && key.value === name).map(({ key }) => rangeOf(key));
  const order = set(`order of ${role.name}`, items.flatMap(({ says }) => says).join(", "), keyOf("plan"));
  const entries = [
    order,
    ...placed,
    ...ofFiles(document.get("files", true), role, placed, keyOf("files")),
    ...commented(text),
  ];
  return {
    entries,
    remarks: [],
    idle: idleOf(text, entries),
  };
}
