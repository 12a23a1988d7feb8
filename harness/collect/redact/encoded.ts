/**
 * Base64 of a secret. PRIVATE KEY, and {"alg":"… in base64 once more, each in the three ways in which it may lie; what
 * begins with a token (eyJ) begins with ZXlK.
 */
const mark =
  /UFJJVkFURSBLRV|QUklWQVRFIEtFW|BSSVZBVEUgS0VZ|V5SmhiR2Np|leUpoYkdj|ZXlKaGJHY2|(?<![\w+/-])ZXlK(?=[\w+/-]{16})/g;
const hints = [
  "UFJJVkFURSBLRV",
  "QUklWQVRFIEtFW",
  "BSSVZBVEUgS0VZ",
  "V5SmhiR2Np",
  "leUpoYkdj",
  "ZXlK",
] as const;
const keyHints = new Set<string>(hints.slice(0, 3));

/** The end of a run of base64. */
const runEnd = /[\w+/-]*={0,2}/y;
/** The lines it goes on over where base64(1) broke it at 76: long ones, and a last one. */
const wrapped =
  /(?:(?:\r?\n|\\+r\\+n|\\+n)[ \t]*[A-Za-z0-9+/]{60,}={0,2}(?=$|[\r\n\\"']))*(?:(?:\r?\n|\\+r\\+n|\\+n)[ \t]*[A-Za-z0-9+/]+={0,2}(?=$|[\r\n\\"']))?/y;
/** Not the n of an escaped line end. */
const line = /(?<![\\A-Za-z0-9+/])[A-Za-z0-9+/]+={0,2}|(?<=\\[nr])[A-Za-z0-9+/]+={0,2}/g;

/** A text without private keys and tokens that were put into base64, also where that was broken into lines. */
export function withoutEncoded(text: string): string {
  if (!hints.some((hint) => text.includes(hint))) return text;
  let clean = "";
  let done = 0;
  for (const { 0: found, index } of text.matchAll(mark)) {
    if (index < done) continue;
    let from = index;
    while (from > done && /[\w+/-]/.test(text.charAt(from - 1)) && !isEscape(text, from - 1)) from--;
    const whole = text.slice(from, index) + at(runEnd, text, index);
    const further = whole.length < 60 || whole.endsWith("=") ? "" : at(wrapped, text, from + whole.length);
    const kind = keyHints.has(found) ? "private key" : "token";
    clean += `${text.slice(done, from)}[redacted: ${kind}]${further.replace(line, "[redacted]")}`;
    done = from + whole.length + further.length;
  }
  return clean + text.slice(done);
}

/** What a sticky pattern finds at a place. */
function at(pattern: RegExp, text: string, index: number): string {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? "";
}

/** Whether a letter is that of an escape, as the n of a line end in JSON. */
const isEscape = (text: string, at: number): boolean =>
  text.charAt(at - 1) === "\\" && /[nrt]/.test(text.charAt(at));
