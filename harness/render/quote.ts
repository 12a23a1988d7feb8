/** Values as literals of other languages: what the templates' `ruby`, `sh` and `json` helpers write. */

/** What a value is, for a person. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return `a map of ${Object.keys(value).join(", ") || "nothing"}`;
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

/** Ruby reads some control characters in a source file in its own way (CR LF becomes LF), so they are spelled out. */
const control = /(\p{Cc}+)/u;

function rubyText(text: string): string {
  const parts = text.split(control).filter((part) => part !== "");
  if (parts.length === 0) return "''";
  return parts
    .map((part) =>
      control.test(part)
        ? `"${Array.from(part, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`).join("")}"`
        : `'${part.replace(/[\\']/g, "\\$&")}'`,
    )
    .join(" ");
}

/**
 * A Ruby literal: a single-quoted string, in which nothing is interpolated, a number or a boolean. A string with
 * control characters becomes adjacent literals, which Ruby joins.
 * @throws TypeError when the value is of another kind
 */
export function ruby(value: unknown): string {
  if (typeof value === "string") return rubyText(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TypeError(`expected a text, a number or a boolean to write as Ruby, saw ${kindOf(value)}`);
}

/**
 * One shell word: single-quoted, so that a POSIX shell expands nothing in it.
 * @throws TypeError when the value is not a text, number or boolean, or holds a NUL, which no shell can carry
 */
export function sh(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
    throw new TypeError(
      `expected a text, a number or a boolean to write as a shell word, saw ${kindOf(value)}`,
    );
  }
  const text = String(value);
  if (text.includes("\0")) throw new TypeError("expected a text that a shell can carry, saw a NUL in it");
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * JSON on one line, as YAML and JSON files take it.
 * @throws TypeError when there is no value
 */
export function json(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError("expected a value to write as JSON, saw nothing");
  return text;
}
