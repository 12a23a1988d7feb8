import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { budget } from "../budgets.ts";
import { LabNotBuilt } from "../errors.ts";
import { createWriteStream, mkdir, rename, rm } from "../files.ts";

/** The path behind a file URL; undefined for another URL. */
export const localPath = (url: string): string | undefined =>
  url.startsWith("file:") ? fileURLToPath(url) : undefined;

/** What is behind a small URL. @throws LabNotBuilt when it cannot be had */
export async function fetchBytes(url: string, what: string, signal: AbortSignal): Promise<Buffer> {
  try {
    const path = localPath(url);
    if (path !== undefined) return await readFile(path);
    const answer = await get(url, AbortSignal.any([signal, AbortSignal.timeout(budget.command)]));
    return Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    signal.throwIfAborted();
    throw unavailable(url, what, error);
  }
}

/**
 * Downloads a large file and hashes it on the way; the file appears under its name only when it is whole.
 * @param onProgress gets the bytes so far and, where the server says, in all
 * @returns its SHA-256 sum
 * @throws LabNotBuilt when it cannot be had
 */
export async function download(
  url: string,
  file: string,
  onProgress: (bytes: number, total: number | undefined) => void,
  signal: AbortSignal,
): Promise<string> {
  const part = `${file}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const answer = await get(url, AbortSignal.any([signal, AbortSignal.timeout(budget.download)]));
    if (answer.body === null) throw new Error("an empty answer");
    const length = Number(answer.headers.get("content-length") ?? Number.NaN);
    const hash = createHash("sha256");
    let bytes = 0;
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        onProgress(bytes, Number.isNaN(length) ? undefined : length);
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(answer.body), watch, createWriteStream(part));
    await rename(part, file);
    return hash.digest("hex");
  } catch (error) {
    await rm(part, { force: true });
    signal.throwIfAborted();
    throw unavailable(url, "the box", error);
  }
}

/** @throws LabNotBuilt when the file cannot be read */
export async function sha256(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw unavailable(file, "the box", error);
  }
  return hash.digest("hex");
}

async function get(url: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(`HTTP ${answer.status} ${answer.statusText}`.trim());
  return answer;
}

function unavailable(url: string, what: string, error: unknown): LabNotBuilt {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LabNotBuilt({ message: `${what} cannot be had from ${url}: ${reason}`, cause: error });
}
