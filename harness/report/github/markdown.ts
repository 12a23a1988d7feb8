import { clipped, onOneLine } from "../plain.ts";

/** Every character that Markdown or HTML may take for more than itself; `#`, `:` and `.` make links. */
const special = /[!"#$&'()*+.:<=>@[\\\]^_`{|}~-]/g;

/** An address is found where it is written as numbers, too, but not where something is in the middle of it. */
const written = (character: string): string =>
  `&#${character.codePointAt(0)};${character === "@" ? "<!-- -->" : ""}`;

/**
 * A text as Markdown that can only be that text, on one line: its special characters are written as numbers, which
 * Markdown never takes for structure, in a table neither.
 */
export const words = (text: string, most = 1000): string =>
  clipped(onOneLine(text), most).replace(special, written);

/** The same in the letters of code. Backticks would show the numbers as they are written. */
export const code = (text: string, most = 1000): string => `<code>${words(text, most)}</code>`;

/** A table of cells that are Markdown by `words` or `code`; empty without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const note = "*Not all of it fits in here: the rest is in the report.*\n";

/** Blocks of Markdown as one text of at most so many bytes; what does not fit is left out by whole blocks, and it says so. */
export function within(bytes: number, blocks: readonly string[]): string {
  let left = bytes - Buffer.byteLength(note);
  if (left < 0) return "";
  let kept = "";
  let whole = true;
  for (const block of blocks.filter((one) => one !== "")) {
    const size = Buffer.byteLength(block) + 2;
    if (size > left) whole = false;
    else {
      kept += `${block}\n\n`;
      left -= size;
    }
  }
  return whole ? kept : `${kept}${note}`;
}
