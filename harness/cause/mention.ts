import type { Setting } from "../settings/setting.ts";
import { escaped } from "./reach.ts";

/** How a text names a setting: by its flag, its key, its whole value, or a folder that its value lies in. */
export type Mention = "flag" | "key" | "value" | "folder";

/** One machine's names for itself are one address, so that `localhost:2379` and `127.0.0.1:2379` are the same. */
const normalised = (text: string): string =>
  text.replace(/\[::1\]|\blocalhost\b/g, "127.0.0.1").replaceAll("\\/", "/");

/** Flags of Kubernetes may be written with either; daemons repeat them as they were written. */
const dashed = (text: string): string => text.replaceAll("_", "-");

const address = /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/;
const everyAddress = /^(0\.0\.0\.0|::)$/;

/** Whether a text has a word that begins and ends where the given one does. */
function hasWord(text: string, word: string): boolean {
  const before = word.startsWith("/") ? "(?<![\\w.-]|\\w/)" : "(?<![\\w.-])";
  const after = address.test(word)
    ? "(?!\\w|[.:/]\\d)"
    : /:\d+$/.test(word)
      ? "(?!\\w|[.]\\d)"
      : "(?![\\w-]|[.:]\\w)(?!/\\w)";
  return new RegExp(`${before}${escaped(word)}${after}`).test(text);
}

/** A URL's host and port with nothing before or behind; anything else as it is. */
const endpointOf = (value: string): string | undefined => /^\w+:\/\/([^/\s]+:\d+)\/?$/.exec(value)?.[1];

/** Whether a flag is named, with its dashes, without them where it has one inside, or by three of its words or more. */
export function namesFlag(text: string, flag: string): boolean {
  const name = dashed(flag.replace(/^-+/, ""));
  const said = dashed(text);
  if (new RegExp(`(?<![\\w-])--?${escaped(name)}(?![\\w-])`).test(said)) return true;
  const words = name.split("-");
  if (words.length > 1 && new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`).test(said)) return true;
  return words.length > 2 && new RegExp(`\\b${words.map(escaped).join(" ")}\\b`, "i").test(text);
}

/** Whether a key is named; one that is a plain word of English is not told from the word. */
function namesKey(text: string, key: string): boolean {
  const name = key.replace(/^\[[^\]]*\] /, "").replace(/^.*: /, "");
  const last = name.split(/\.(?=[A-Za-z]+$)/).at(-1) ?? name;
  return [name, last].some((one) => isTelling(one) && hasWord(text, one));
}

const isTelling = (word: string): boolean =>
  word.length > 5 && (/[._-]|\d|[a-z][A-Z]|^[A-Z]+$/.test(word) || word.length > 7);

/** The values that a setting is made of: the whole, and where it is a list or a command, each of its words. */
export function valuesOf({ value, kind }: Setting): string[] {
  const isCommand = kind === "unit" || kind === "step" || kind === "text";
  const parts = isCommand ? value.split(/[\s'"]+/) : value.includes(",") ? value.split(",") : [];
  return [...new Set([value, ...parts])].filter((one) => one !== "");
}

/** Whether a value can be told from the words around it: an address, a port, a path, a name that is no plain word. */
function isSpecific(value: string): boolean {
  if (everyAddress.test(value)) return false;
  if (/^\d+$/.test(value)) return Number(value) > 1023;
  return value.length > 3 && /[./:\d-]|[a-z][A-Z]|^[A-Z_]+$/.test(value);
}

/** A plain word is taken for a value only where it is quoted, or stands at the end behind a colon. */
const isQuoted = (text: string, value: string): boolean =>
  value.length > 2 &&
  new RegExp(`(["'\`])${escaped(value)}\\1|: ${escaped(value)}(?=$|[\\s,;])`).test(text) &&
  !/^(true|false|default|none|null|yes|no|enabled|disabled)$/i.test(value);

/** Whether a text has a whole value of the setting. */
export function namesValue(text: string, setting: Setting): boolean {
  const said = normalised(text);
  return valuesOf(setting).some((one) => {
    const value = normalised(one);
    const endpoint = endpointOf(value);
    if (endpoint !== undefined && !everyAddress.test(endpoint.split(":")[0] ?? "") && hasWord(said, endpoint))
      return true;
    return (isSpecific(value) && hasWord(said, value)) || isQuoted(said, value);
  });
}

/** Whether a text names a folder that the setting's value lies in: daemons name an etcd key's or a file's where they get no further. */
function namesFolder(text: string, { value }: Setting): boolean {
  if (!value.startsWith("/")) return false;
  const folders = [...text.matchAll(/(?<![\w./:-])(\/[\w.-]+(?:\/[\w.-]+)*)/g)].map(([, path]) => path ?? "");
  return folders.some((folder) => folder.length > 4 && value.startsWith(`${folder}/`));
}

/** How a text names a setting, the surest way first; undefined where it does not. */
export function mentionOf(text: string, setting: Setting): Mention | undefined {
  if (setting.flag !== undefined && namesFlag(text, setting.flag)) return "flag";
  if (namesValue(text, setting)) return "value";
  if (setting.kind !== "plan" && namesKey(text, setting.key)) return "key";
  return namesFolder(text, setting) ? "folder" : undefined;
}
