import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { LabNotBuilt } from "../../harness/errors.ts";
import { createWriteStream } from "../../harness/files.ts";

/**
 * Downloads `url` to `file` and answers its SHA-256 sum, in hexadecimal. What it leaves is only to be used after the
 * sum was compared.
 * @throws LabNotBuilt when the server cannot be reached, refuses, or breaks off
 */
export async function download(url: string, file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || response.body === null) {
      throw new LabNotBuilt(`expected ${url} to be sent, saw ${response.status} ${response.statusText}`);
    }
    const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    await pipeline(body, hashing, createWriteStream(file), { signal });
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof LabNotBuilt) throw cause;
    throw new LabNotBuilt({
      message: `expected ${url} to be sent whole, saw it break off`,
      details: reasons(cause),
      hint: "run it again; or give the daemons as a folder: --daemons FOLDER; or do without: --daemons stand-ins",
      cause,
    });
  }
  return hash.digest("hex");
}

/** What fetch has to say is in its error's causes: "fetch failed" alone says nothing. */
function reasons(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return [error.message, ...reasons(error.cause)];
}
