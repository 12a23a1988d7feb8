import { stat } from "node:fs/promises";
import { openThere } from "./files.ts";

/** A file that is not what it should be; the message is what was seen: "a folder". */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
  /** Line and column of what is wrong in the text, from 1. */
  readonly at: { line: number; column: number } | undefined;

  constructor(saw: string, options: { cause?: unknown; at?: { line: number; column: number } } = {}) {
    super(saw, { cause: options.cause });
    this.at = options.at;
  }
}

const megabyte = 2 ** 20;

/** What a person writes is never longer; what is, was named by mistake. */
const mostWritten = megabyte;

const reasons: Record<string, string> = {
  ENOENT: "nothing there",
  ENOTDIR: "a file in the place of one of its folders",
  EACCES: "a file that may not be read",
  ELOOP: "a symbolic link that leads to itself",
  ENAMETOOLONG: "a name that is too long",
};

/** What the system's answer says was seen: "nothing there (ENOENT)". */
export function sawInstead(error: unknown): string {
  if (error instanceof Unreadable) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  const what = code === undefined ? undefined : reasons[code];
  return what === undefined ? `a file that cannot be read (${code ?? message})` : `${what} (${String(code)})`;
}

type Stats = Awaited<ReturnType<typeof stat>>;

/** What something in a folder is, where it is no plain file: "a FIFO"; undefined for a plain file. */
export function kindOf(
  seen: Pick<
    Stats,
    | "isFile"
    | "isDirectory"
    | "isSymbolicLink"
    | "isFIFO"
    | "isSocket"
    | "isCharacterDevice"
    | "isBlockDevice"
  >,
): string | undefined {
  if (seen.isFile()) return undefined;
  if (seen.isDirectory()) return "a folder";
  if (seen.isSymbolicLink()) return "a symbolic link";
  if (seen.isFIFO()) return "a FIFO";
  if (seen.isSocket()) return "a socket";
  return "a device";
}

/**
 * The bytes of a plain file, or of what a link leads to.
 * @param most how many bytes it may have
 * @throws Unreadable where it is no plain file, cannot be read or has more
 */
export async function readBytes(path: string, most: number): Promise<Buffer> {
  try {
    // Looked at before it is opened: to open a FIFO or a device does something, or waits for ever.
    const kind = kindOf(await stat(path));
    if (kind !== undefined) throw new Unreadable(kind);
    const file = await openThere(path);
    try {
      const { size } = await file.stat();
      if (size > most) throw new Unreadable(`${size} bytes, more than ${most / megabyte} MiB`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable(sawInstead(error), { cause: error });
  }
}

/**
 * Bytes as text.
 * @throws Unreadable with the place of the first byte that is no UTF-8
 */
export function asText(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const before = bytes.subarray(0, firstBadByte(bytes)).toString("utf8").split("\n");
    const at = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    throw new Unreadable("bytes that are no UTF-8", { at });
  }
}

/** How many bytes from the first on are UTF-8: each further byte kept is a longer text without a sign of loss. */
function firstBadByte(bytes: Buffer): number {
  let [good, bad] = [0, bytes.length];
  const decodes = (length: number) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** The text of a plain file that a person wrote. @throws Unreadable */
export const readText = async (path: string): Promise<string> => asText(await readBytes(path, mostWritten));
