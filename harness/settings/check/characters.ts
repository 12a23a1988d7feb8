import type { ReadText } from "../read.ts";
import { linesOf } from "../entry.ts";
import type { SettingKind, SettingProblem } from "../setting.ts";

/** Signs that look like others and are not read as them. */
const odd: readonly (readonly [RegExp, string, string])[] = [
  [
    /[\u201C\u201D\u201E\u201F\u00AB\u00BB\u2018\u2019\u201A\u201B]/,
    "a curly quote",
    "write a straight one: \" or '",
  ],
  [/[\u00A0\u202F\u2007]/, "a non-breaking space", "write a plain space"],
  [/[\u2010-\u2015\u2212]/, "a dash that is none of a flag's", "write a plain - or --"],
  [/[\u200B-\u200D\u2060]/, "a character without width", "remove it"],
  [/(?!^)\uFEFF/, "a byte order mark in the middle", "remove it"],
];

/** Kinds whose readers take a carriage return for part of the line; the others cut it off (measured with systemd 252). */
const takesReturns: ReadonlySet<SettingKind> = new Set(["step", "sysctl"]);

const comment: Readonly<Partial<Record<SettingKind, RegExp>>> = {
  text: /^$/,
  vagrantfile: /^\s*#/,
  hosts: /^\s*#/,
};

interface Seen {
  severity: SettingProblem["severity"];
  at: number;
  message: string;
  hint: string;
}

function seenIn({ kind, traced: { text } }: ReadText): Seen[] {
  const seen: Seen[] = [];
  if (text.startsWith("\uFEFF")) {
    seen.push({
      severity: "warning",
      at: 0,
      message: "expected a text, saw a byte order mark before it, which becomes part of its first name",
      hint: "save the file as UTF-8 without a byte order mark",
    });
  }
  let returned = false;
  for (const line of linesOf(text, true)) {
    if ((comment[kind] ?? /^\s*[#;]/).test(line.text)) continue;
    for (const [sign, saw, hint] of odd) {
      const index = line.text.search(sign);
      if (index < 0) continue;
      seen.push({
        severity: "warning",
        at: line.start + index,
        message: `expected plain characters, saw ${saw} in \`${line.text.trim()}\``,
        hint,
      });
    }
    const index = line.text.indexOf("\r");
    if (index < 0 || returned) continue;
    returned = true;
    const refused = takesReturns.has(kind);
    seen.push({
      severity: refused ? "refused" : "warning",
      at: line.start + index,
      message: `expected lines that end in a line feed, saw a carriage return before it${refused ? `, which becomes part of \`${line.text.trim()}\`` : ""}`,
      hint: "save the file with Unix line ends",
    });
  }
  if (kind === "step") {
    for (const line of linesOf(text)) {
      if (!/\\[ \t]+$/.test(line.text) || /^\s*#/.test(line.text)) continue;
      seen.push({
        severity: "warning",
        at: line.start + line.text.lastIndexOf("\\"),
        message: `expected a backslash at the very end of the line, saw blanks behind it: the line is not continued`,
        hint: "remove the blanks",
      });
    }
  }
  return seen;
}

/** What is odd about a text's characters. */
export const checkCharacters = (texts: readonly ReadText[]): SettingProblem[] =>
  texts
    .filter(({ kind }) => kind !== "plan")
    .flatMap((text) =>
      seenIn(text).map(({ severity, at, message, hint }) => {
        const source = text.traced.sourceAt(at);
        const settings = [...text.settings.values()].filter(
          (one) => one.state === "set" && one.source.line === source.line,
        );
        return { severity, message, hint, source, settings };
      }),
    );

/** What a text's own reader found odd. */
export const checkReading = (texts: readonly ReadText[]): SettingProblem[] =>
  texts.flatMap(({ parsed, traced, settings }) =>
    parsed.remarks.map(({ severity, message, hint, at, about }) => ({
      severity,
      message,
      hint,
      source: traced.sourceAt(at),
      settings: about.flatMap((entry) => settings.get(entry) ?? []),
    })),
  );
