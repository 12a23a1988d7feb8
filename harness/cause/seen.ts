import type { Setting } from "../settings/setting.ts";
import { mentionOf, valuesOf } from "./mention.ts";

/** What one look expected, and what it saw. */
export interface Seen {
  /** What it was about, in words: "worker1 kubelet". */
  label: string;
  expected: string;
  saw: string;
}

/** What is known of an address that was seen: the names it goes by on its machine. */
export type NamesOfAddress = (address: string) => readonly string[];

/** More words than this are a sentence, and no value. */
const longest = 4;

const mode = /^0?([0-7]{3})$/;
const address = /^\d{1,3}(\.\d{1,3}){3}$/;

/** A value as it is compared: file modes without the leading nought, one name for the machine itself. */
const plain = (value: string): string =>
  (mode.exec(value)?.[1] ?? value)
    .replace(/\blocalhost\b|\[::1\]/, "127.0.0.1")
    .replace(/^\w+:\/\/([^/]+)\/?$/, "$1");

/** The values in a text: the whole, the items of a list, the words of a short one. */
function valuesIn(text: string): string[] {
  const items = text.split(/, | to /).map((item) => item.trim());
  const words = text.split(/\s+/);
  return [text, ...items, ...(words.length <= longest ? words : [])].filter((value) => value !== "");
}

/** What was seen and not expected, as values. An address is seen with the port that was looked for, and as its interface. */
export function valuesSeen({ expected, saw }: Seen, namesOf: NamesOfAddress): Set<string> {
  const wanted = new Set(valuesIn(expected).map(plain));
  const port = /\b(?:tcp|udp) (\d+)\b/.exec(expected)?.[1];
  const seen = valuesIn(saw);
  const addresses = [...saw.matchAll(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]|\/)/g)].map(([one]) => one);
  const named = addresses.flatMap((one) => namesOf(one));
  const ended = port === undefined ? [] : addresses.map((one) => `${one}:${port}`);
  return new Set([...seen, ...named, ...ended].map(plain).filter((value) => !wanted.has(value)));
}

/** The leaves in which two JSON texts differ, by path; undefined where one of them is none. */
function differing(expected: string, saw: string): Map<string, string> | undefined {
  const [one, other] = [leavesOf(expected), leavesOf(saw)];
  if (one === undefined || other === undefined) return undefined;
  return new Map([...other].filter(([path, value]) => one.get(path) !== value));
}

function leavesOf(text: string): Map<string, string> | undefined {
  if (!text.startsWith("{")) return undefined;
  const leaves = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) leaves.set(path, String(value));
    else for (const [key, below] of Object.entries(value)) walk(below, path === "" ? key : `${path}.${key}`);
  };
  try {
    walk(JSON.parse(text), "");
  } catch {
    return undefined;
  }
  return leaves;
}

/**
 * Whether a look shows a setting's whole value in the place of what was expected.
 * @returns the value as it was seen; undefined where it was not
 */
export function shownBy(look: Seen, setting: Setting, namesOf: NamesOfAddress): string | undefined {
  const leaves = differing(look.expected, look.saw);
  if (leaves !== undefined) return setting.kind === "json" ? leaves.get(setting.key) : undefined;
  const seen = valuesSeen(look, namesOf);
  const values = valuesOf(setting).filter((value) => isToldApart(value, setting, look));
  const shown = values.find((value) => seen.has(plain(value)));
  if (shown !== undefined) return shown;
  // A sentence of a daemon's that a look passes on names settings as its log does.
  if (look.saw.split(/\s+/).length <= longest || isName(setting)) return undefined;
  const said = mentionOf(look.saw, setting);
  return (said === "value" || said === "flag") && mentionOf(look.expected, setting) !== "value"
    ? (setting.flag ?? setting.value)
    : undefined;
}

/** A small number is many things: it is a setting's only where the look speaks of what the setting is of. */
function isToldApart(value: string, { key }: Setting, { label, expected }: Seen): boolean {
  if (address.test(value) || !/^\d{1,3}$|^(true|false|yes|no)$/.test(value)) return true;
  const words = key.split(/[\s:.[\]]+/).filter((word) => word.length > 4);
  return words.some((word) => label.includes(word) || expected.includes(word));
}

/** What an object or a machine is called: in a sentence it only says which one is meant. */
const isName = ({ kind, key, value, machine }: Setting): boolean =>
  value === machine || (kind === "manifest" && /\bname$/.test(key));
