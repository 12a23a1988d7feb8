const placeholder = "[redacted: private key]";
/** In the place of the lines that follow. */
const rest = "[redacted]";

/** Every armor of a private key: PKCS#1, PKCS#8, EC, DSA, OpenSSH, OpenPGP, and SSH2, which has four dashes and spaces. */
const armor = "(?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)? ?-----?";
const marks = new RegExp(`-----? ?(?:BEGIN|END) ${armor}`, "g");
const end = new RegExp(`-----? ?END ${armor}`);
/** Where a line ends: really, or escaped in JSON, in JSON in JSON… */
const newline = /\r?\n|\\+r\\+n|\\+n|\\+u000a/gi;
/** What an armor may have between its first line and the key. */
const header = /(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|Subject): /;
/** 16 and more of base64; as HTML writes it, too. */
const run = /(?:[A-Za-z0-9+/]|&#(?:x2[BF]|43|47);){16,}(?:={0,2}|(?:&#(?:x3D|61);){0,2})/gi;
/** The key's last line, or OpenPGP's checksum, where nothing else is on the line. */
const short = /^\s*=?[A-Za-z0-9+/]+={0,2}(?=["',\s]*$)/;
/** How many lines of something else, as a journal has them in between, a key is looked for after… */
const patience = 8;
/** …and how many lines a key has at most. */
const longest = 400;

/**
 * A text without private keys: armored, with whatever stands before each line, with real or escaped line ends, and
 * also where the beginning or the end was cut off.
 */
export function withoutPrivateKeys(text: string): string {
  if (!text.includes("PRIVATE KEY")) return text;
  let done = 0;
  let clean = "";
  for (const { 0: mark, index } of text.matchAll(marks)) {
    if (index < done) continue;
    const before = text.slice(done, index);
    if (end.test(mark)) {
      clean += withoutTail(before) + placeholder;
      done = index + mark.length;
    } else {
      const body = bodyAt(text, index + mark.length, columnOf(text, index));
      clean += before + placeholder + body.clean;
      done = body.end;
    }
  }
  return clean + text.slice(done);
}

/** What follows a key's first mark, without the key, and where the rest of the text begins. */
function bodyAt(text: string, from: number, column: number): { clean: string; end: number } {
  let clean = "";
  let at = from;
  let left = patience;
  for (let count = 0; count < longest; count++) {
    const { line, separator } = nextLine(text, at);
    const last = end.exec(line);
    if (last !== null) {
      const kept = count === 0 ? "" : prefixOf(line, Math.min(column, last.index)) + rest;
      return { clean: clean + kept, end: at + last.index + last[0].length };
    }
    const hidden = count === 0 ? line.replace(run, rest) : withoutBase64(line, column);
    if (hidden !== line) left = patience;
    else if (count > 0 && line.trim() !== "" && !header.test(line) && --left === 0) break;
    clean += hidden + separator;
    at += line.length + separator.length;
    if (separator === "") break;
  }
  return { clean, end: at };
}

/** What precedes an end whose beginning was cut off, without the lines of base64 right before it. */
function withoutTail(before: string): string {
  const window = before.slice(-16_000);
  const lines = window.split(new RegExp(`(${newline.source})`, "gi"));
  const column = lines.at(-1)?.length ?? 0;
  lines[lines.length - 1] = (lines.at(-1) ?? "").replace(run, rest);
  for (let index = lines.length - 3; index >= 0; index -= 2) {
    const line = lines[index] ?? "";
    const hidden = withoutBase64(line, column);
    if (hidden === line) break;
    lines[index] = hidden;
  }
  return before.slice(0, before.length - window.length) + lines.join("");
}

/** A key's line without the key. @param column where the armor stands in its line, after a journal's time and name */
function withoutBase64(line: string, column: number): string {
  const prefix = prefixOf(line, column);
  const tail = line.slice(prefix.length);
  return short.test(tail) ? prefix + tail.replace(short, rest) : line.replace(run, rest);
}

/** What stands before the armor in its lines; nothing where that would be the key: it stood before the first one only. */
function prefixOf(line: string, column: number): string {
  const prefix = line.slice(0, column);
  return column >= line.length || /[A-Za-z0-9+/=]$/.test(prefix) ? "" : prefix;
}

/** How far into its line something stands. */
function columnOf(text: string, at: number): number {
  const before = text.slice(Math.max(0, at - 400), at);
  const last = [...before.matchAll(newline)].at(-1);
  return last === undefined ? before.length : before.length - last.index - last[0].length;
}

/** The line that begins here, to its real or escaped end, and that end. */
function nextLine(text: string, from: number): { line: string; separator: string } {
  newline.lastIndex = from;
  const found = newline.exec(text);
  if (found === null) return { line: text.slice(from), separator: "" };
  return { line: text.slice(from, found.index), separator: found[0] };
}
