import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createWriteStream, openThere } from "../files.ts";
import { redact } from "./redact.ts";

/** How much of a file is looked at at once, in characters: several times the longest secret. */
const piece = 4_000_000;
/** How far before a cut a key may have begun. */
const key = 100_000;

/**
 * Copies a text without its secrets, piece by piece. NULs, which serial consoles have, are left out.
 * @returns whether it is a text; what is none is not copied
 */
export async function redactFile(from: string, to: string): Promise<boolean> {
  if (!(await isText(from))) return false;
  const source = createReadStream(from, { encoding: "utf8", highWaterMark: 1 << 20 });
  await pipeline(Readable.from(redactedPieces(source as AsyncIterable<string>)), createWriteStream(to));
  return true;
}

/**
 * A text that comes in pieces, redacted in pieces that no key is cut by.
 * @param size how much is looked at at once, at least
 */
export async function* redactedPieces(source: AsyncIterable<string>, size = piece): AsyncGenerator<string> {
  let text = "";
  for await (const more of source) {
    text += more.replaceAll("\0", "");
    if (text.length < size) continue;
    const at = cut(text);
    yield redact(text.slice(0, at));
    text = text.slice(at);
  }
  yield redact(text);
}

/** Where a key, or base64 of one or of a token, begins; each goes on over lines. */
const marks = ["UFJJVkFURSBLRV", "QUklWQVRFIEtFW", "BSSVZBVEUgS0VZ", "ZXlK", "BEGIN "];

/**
 * The last end of a line, or where a key began shortly before, the beginning of its line. 0 where a line has not
 * ended yet: then more is read.
 */
function cut(text: string): number {
  const end = text.lastIndexOf("\n") + 1;
  const near = Math.max(0, end - key);
  const begun = Math.max(...marks.map((mark) => text.lastIndexOf(mark, end)));
  return begun < near ? end : text.lastIndexOf("\n", begun) + 1;
}

/** Whether the first 8 KB are text: some NULs among lines are a console's. */
async function isText(path: string): Promise<boolean> {
  await using file = await openThere(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(8192), 0, 8192, 0);
  const control = buffer.subarray(0, bytesRead).filter((byte) => byte < 9 || (byte > 13 && byte < 27)).length;
  return control <= bytesRead / 100;
}
