import { nearest } from "../../lab/nearest.ts";
import type { ClusterSettings, Shape } from "../cluster.ts";
import type { Setting, SettingProblem } from "../setting.ts";
import { about } from "./problems.ts";

/** The names in a path, without the places in lists: `spec.ports[0].port` → spec, ports, port. */
const namesIn = (path: string): string[] =>
  [...path.matchAll(/"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^.[\]]+/g)]
    .map(([name]) => name)
    .filter((name) => !name.startsWith("["))
    .map((name) => (name.startsWith('"') ? (JSON.parse(name) as string) : name));

const isNumber = (value: string): boolean => /^-?\d+$/.test(value);

/** What a shape has under a name. */
function under(shape: Shape, name: string, anyCase: boolean): Shape[string] | undefined {
  if (Object.hasOwn(shape, name)) return shape[name];
  if (!anyCase) return undefined;
  return Object.entries(shape).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1];
}

function checkPath(
  setting: Setting,
  path: string,
  reader: string,
  shape: Shape,
  anyCase: boolean,
): SettingProblem[] {
  let known: Shape[string] = shape;
  for (const name of namesIn(path)) {
    if (known === "any") return [];
    if (known === "texts") {
      known = "text";
      continue;
    }
    if (typeof known === "string" || Array.isArray(known)) break;
    const next = under(known as Shape, name, anyCase);
    if (next === undefined) {
      const meant = nearest(name, Object.keys(known));
      return [
        about(
          "warning",
          [setting],
          `expected a key that ${reader} reads, saw ${path}: it knows no \`${name}\` there`,
          meant === undefined ? `it knows ${Object.keys(known).join(", ")}` : `did you mean ${meant}?`,
        ),
      ];
    }
    known = next;
  }
  const { value } = setting;
  const saw = `${path}: ${value}`;
  if (known === "number" && !isNumber(value)) {
    return [
      about(
        "refused",
        [setting],
        `expected a whole number for ${reader}, saw ${saw}`,
        "write it without quotes",
      ),
    ];
  }
  if (known === "port" && !(isNumber(value) && Number(value) >= 1 && Number(value) <= 65535)) {
    return [about("refused", [setting], `expected a port for ${reader}, saw ${saw}`, "a port is 1 to 65535")];
  }
  if (known === "text" && /^(-?\d+|true|false|null|\{\}|\[\])$/.test(value)) {
    return [
      about(
        "refused",
        [setting],
        `expected a text for ${reader}, saw ${saw}`,
        `write it in quotes: "${value}"`,
      ),
    ];
  }
  if (Array.isArray(known) && !known.includes(value)) {
    const meant = nearest(value, [...(known as readonly string[])]);
    const hint = meant === undefined ? `it takes ${known.join(", ")}` : `did you mean ${meant}?`;
    return [about("refused", [setting], `expected a value that ${reader} takes, saw ${saw}`, hint)];
  }
  return [];
}

/** A kind that is nearly one that is known. */
function unknownKind(setting: Setting, known: string[]): SettingProblem[] {
  const meant = nearest(setting.value, known);
  if (meant === undefined) return [];
  const message = `expected a kind of object, saw ${setting.value}`;
  return [about("refused", [setting], message, `did you mean ${meant}?`)];
}

/** Keys of documents and objects that their readers do not read, and values they refuse. */
export const checkShapes = (
  settings: readonly Setting[],
  { shapes, objects }: ClusterSettings,
): SettingProblem[] =>
  settings
    .filter(({ state, key }) => state !== "commented" && !/^line \d+$/.test(key))
    .flatMap((setting): SettingProblem[] => {
      const file = shapes.find(({ path }) => path.test(setting.path ?? ""));
      if (file !== undefined) return checkPath(setting, setting.key, file.reader, file.shape, file.anyCase);
      if (setting.kind !== "manifest") return [];
      const [, kind = "", path = ""] = /^([A-Z]\w+) [^:]*: ([^]*)$/.exec(setting.key) ?? [];
      const shape = Object.hasOwn(objects, kind) ? objects[kind] : undefined;
      if (shape === undefined && path === "kind") return unknownKind(setting, Object.keys(objects));
      return shape === undefined ? [] : checkPath(setting, path, `a ${kind}`, shape, false);
    });
