import type { Setting } from "../settings/setting.ts";
import type { Random } from "./random.ts";

/** The kind of human error that an operator stands for. */
export type ErrorKind = "illegal" | "inconsistent" | "wrong" | "missing" | "misspelt" | "encoding";

/** A way to break one setting. */
export interface Operator {
  name: string;
  error: ErrorKind;
  /** Another value in the place of the right one; undefined where it does not apply. */
  value?: (setting: Setting, random: Random) => string | undefined;
  /** Another line in the place of the right one; undefined where it does not apply. An empty one drops it. */
  line?: (text: string, setting: Setting, random: Random) => string | undefined;
}

const url = /^(https?):\/\/([^:/]+):(\d+)(.*)$/;
const address = /^(\d{1,3}\.){3}\d{1,3}$/;
const cidr = /^((?:\d{1,3}\.){3}\d{1,3})\/(\d{1,2})$/;
const port = /^\d{4,5}$/;

/** Two neighbouring letters in each other's place, as fingers do. */
function typo(text: string, random: Random): string | undefined {
  const places = Array.from(text, (letter, at) => ({ letter, at })).flatMap(({ letter, at }) =>
    /[a-z]/i.test(letter) && /[a-z]/i.test(text[at + 1] ?? "") && letter !== text[at + 1] ? [at] : [],
  );
  if (places.length === 0) return undefined;
  const at = random.pick(places);
  return text.slice(0, at) + (text[at + 1] ?? "") + (text[at] ?? "") + text.slice(at + 2);
}

const nextPort = (text: string, random: Random): string =>
  String(Number(text) + random.pick([1, -1, 10, 1000]));

const when =
  (
    pattern: RegExp,
    change: (match: RegExpExecArray, random: Random) => string | undefined,
  ): NonNullable<Operator["value"]> =>
  ({ value }, random) => {
    const match = pattern.exec(value);
    return match === null ? undefined : change(match, random);
  };

/** Values by their type; each is what somebody once wrote by mistake. */
const valueOperators: Operator[] = [
  {
    name: "another-port",
    error: "inconsistent",
    value: when(port, ([text], random) => nextPort(text, random)),
  },
  {
    name: "url-with-another-port",
    error: "inconsistent",
    value: when(
      url,
      ([, scheme, host, number = "", rest], random) =>
        `${scheme}://${host}:${nextPort(number, random)}${rest}`,
    ),
  },
  {
    name: "url-of-loopback",
    error: "wrong",
    value: when(url, ([, scheme, host, number, rest]) =>
      host === "127.0.0.1" || host === "localhost" ? undefined : `${scheme}://127.0.0.1:${number}${rest}`,
    ),
  },
  {
    name: "loopback",
    error: "wrong",
    value: when(address, ([text]) => (text === "127.0.0.1" ? undefined : "127.0.0.1")),
  },
  {
    name: "impossible-address",
    error: "illegal",
    value: when(address, ([text]) => text.replace(/\d+$/, "999")),
  },
  {
    name: "neighbouring-address",
    error: "wrong",
    value: when(address, ([text], random) =>
      text.endsWith(".0.0.0") || text.startsWith("127.")
        ? undefined
        : text.replace(/\d+$/, (last) => String((Number(last) + random.pick([1, 2, 11])) % 250)),
    ),
  },
  { name: "tiny-network", error: "wrong", value: when(cidr, ([, base]) => `${base}/30`) },
  {
    name: "another-network",
    error: "inconsistent",
    value: when(cidr, ([text]) =>
      text.replace(/^(\d+)\.(\d+)/, (_, one: string, two: string) => `${one}.${(Number(two) + 1) % 256}`),
    ),
  },
  { name: "network-without-mask", error: "illegal", value: when(cidr, ([, base]) => base) },
  {
    name: "path-with-a-typo",
    error: "misspelt",
    value: when(/^(\/[\w.-]+){2,}$/, ([text], random) => typo(text, random)),
  },
  {
    name: "the-opposite",
    error: "wrong",
    value: when(
      /^(true|false|0|1)$/,
      ([text]) => ({ true: "false", false: "true", "0": "1", "1": "0" })[text],
    ),
  },
  { name: "no-truth-value", error: "illegal", value: when(/^(true|false)$/, () => "maybe") },
  {
    name: "another-number",
    error: "wrong",
    value: when(/^\d{1,3}$/, ([text], random) => String(Math.max(0, Number(text) + random.pick([1, -1, 8])))),
  },
  {
    name: "other-interface",
    error: "wrong",
    value: when(/^eth(\d)$/, ([, number]) => `eth${1 - Number(number)}`),
  },
  {
    name: "interface-that-is-not-there",
    error: "misspelt",
    value: when(/^eth(\d)$/, ([text]) => text.replace("eth", "ens")),
  },
  {
    name: "name-with-a-typo",
    error: "misspelt",
    value: when(/^[a-z][a-z0-9-]{3,}$/i, ([text], random) =>
      /^(true|false)$/.test(text) ? undefined : typo(text, random),
    ),
  },
  {
    name: "list-without-an-item",
    error: "wrong",
    value: when(/^[\w.-]+(,[\w.-]+)+$/, ([text], random) => {
      const items = text.split(",");
      items.splice(random.below(items.length), 1);
      return items.join(",");
    }),
  },
  {
    name: "list-with-a-typo",
    error: "misspelt",
    value: when(/^[\w.-]+(,[\w.-]+)+$/, ([text], random) => typo(text, random)),
  },
  {
    name: "image-of-another-tag",
    error: "wrong",
    value: when(/^([\w./-]+):([\w.-]+)$/, ([, name, tag]) => `${name}:${tag}-1`),
  },
  {
    name: "empty",
    error: "missing",
    value: ({ value, kind }) => (kind === "environment" && value !== "" ? "" : undefined),
  },
];

const sets = ({ kind }: Setting): boolean =>
  ["environment", "sysctl", "ini", "unit", "hosts", "modules"].includes(kind);

/** A line of a script that can go alone: one that neither begins nor ends anything, and does more than speak. */
const isCommand = (text: string): boolean =>
  !/^(if|then|else|elif|fi|for|while|do|done|case|esac|echo|exit|return|[{}]|.*[{(|\\]$|.*\bdone\b|.*;;$)/.test(
    text,
  ) && text.trim() !== "";

/** Whole lines: dropped, commented, doubled, misspelt, or written with the wrong signs. */
const lineOperators: Operator[] = [
  {
    name: "dropped",
    error: "missing",
    line: (_, setting) =>
      sets(setting) || (setting.kind === "step" && isCommand(setting.value)) || setting.kind === "plan"
        ? ""
        : undefined,
  },
  { name: "commented", error: "missing", line: (text, setting) => (sets(setting) ? `# ${text}` : undefined) },
  {
    name: "misspelt-key",
    error: "misspelt",
    line: (text, { kind }, random) => {
      const [, before = "", key, rest = ""] = /^(\s*)([\w.-]+)(\s*=.*)$/.exec(text) ?? [];
      if (key === undefined || !["environment", "sysctl", "ini", "unit"].includes(kind)) return undefined;
      const wrong = typo(key, random);
      return wrong === undefined ? undefined : before + wrong + rest;
    },
  },
  {
    name: "misspelt-flag",
    error: "misspelt",
    line: (text, { flag }, random) => {
      const wrong = flag === undefined ? undefined : typo(flag, random);
      return flag === undefined || wrong === undefined || !text.includes(flag)
        ? undefined
        : text.replace(flag, wrong);
    },
  },
  {
    name: "unclosed-quote",
    error: "encoding",
    line: (text, { kind }) => (kind === "environment" && text.endsWith('"') ? text.slice(0, -1) : undefined),
  },
  {
    name: "curly-quotes",
    error: "encoding",
    line: (text, { kind }) =>
      kind === "environment" && text.endsWith('"') ? text.replace('"', "“").replace(/"$/, "”") : undefined,
  },
  {
    name: "carriage-return",
    error: "encoding",
    line: (text, { kind }) =>
      ["step", "sysctl", "environment", "hosts"].includes(kind) ? `${text}\r` : undefined,
  },
  {
    name: "comment-behind-it",
    error: "encoding",
    line: (text, { kind }) => (["environment", "sysctl"].includes(kind) ? `${text} # as always` : undefined),
  },
  {
    name: "exported",
    error: "encoding",
    line: (text, { kind }) => (kind === "environment" && /^[A-Z]/.test(text) ? `export ${text}` : undefined),
  },
];

export const operators: readonly Operator[] = [...valueOperators, ...lineOperators];
