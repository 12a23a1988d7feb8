import { visible } from "../../visible.ts";

/** Text that is HTML already; everything else that goes into a template is escaped. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template may hold: nothing is shown for undefined and false, so that parts can be left out in place. */
export type Content = Html | string | number | undefined | false | readonly Content[];

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML that reads as this text, in an element and in a quoted attribute alike. */
export const escaped = (text: string): string =>
  visible(text.replaceAll("\r\n", "\n")).replace(/[&<>"']/g, (char) => entities[char] ?? "");

/** A template of HTML: what is put into it is escaped, unless it is HTML made the same way. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Html {
  // The templates' own indentation would be a fifth of a report.
  const [first = "", ...rest] = strings.map((text) => text.replace(/\n\s*/g, "\n"));
  return new Html(rest.reduce((text, next, index) => text + asText(values[index]) + next, first));
}

function asText(value: Content): string {
  if (value === undefined || value === false) return "";
  if (typeof value === "string") return escaped(value);
  if (typeof value === "number") return String(value);
  return value instanceof Html ? value.toString() : value.map(asText).join("");
}

/** HTML with something between its parts. */
export const joined = (parts: readonly Content[], between: Content): Content =>
  parts.flatMap((part, index) => (index === 0 ? [part] : [between, part]));

/** Text as it was printed, line by line. An HTML parser drops the first newline of a `pre`, so it is given one. */
export const printed = (text: string): Html => new Html(`<pre tabindex="0">\n${escaped(text)}</pre>`);
