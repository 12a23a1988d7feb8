import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ClientChannel } from "ssh2";
import { NotJudged } from "../errors.ts";
import { tail } from "./command.ts";
import { reason } from "./connection.ts";
import type { Ran, RunOptions } from "./machine.ts";

interface Exchange extends RunOptions {
  within: number;
  /** Sent before the input. */
  preamble: Buffer | undefined;
  /** The machine and the command's first line, for messages. */
  subject: string;
}

/**
 * Feeds a started command its input and gathers what it answers.
 * @throws NotJudged when it outlives its budget or the connection is lost before it has ended
 */
export async function exchange(channel: ClientChannel, options: Exchange): Promise<Ran> {
  const { input, preamble, signal, within, subject } = options;
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const seconds = () => (elapsed() / 1000).toFixed(1);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  channel.on("data", (chunk: Buffer) => out.push(chunk));
  channel.stderr.on("data", (chunk: Buffer) => err.push(chunk));

  let stop: (error: Error) => void = () => undefined;
  const ended = new Promise<number>((resolve, reject) => {
    stop = reject;
    channel.on("error", reject);
    // Told with the close, too: a quick command's exit can come in one read with its start, before anybody listens.
    channel.on("close", (code?: number | null) => {
      if (code !== undefined) resolve(code ?? 255);
      else reject(new NotJudged(`${subject}: the connection was lost after ${seconds()} s`));
    });
  });
  const timer = setTimeout(() => {
    stop(
      new NotJudged({
        message: `${subject}: still running after ${seconds()} s of ${within / 1000} s`,
        details: tail(Buffer.concat([...out, ...err]).toString(), 5),
      }),
    );
  }, within);
  const cancel = () => {
    if (signal !== undefined) stop(reason(signal));
  };
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted === true) cancel(); // while the channel was being opened
  // A command may end without reading its input: only its own end counts then.
  feed(channel, preamble, input).catch((error: unknown) => {
    if (input instanceof Readable && input.errored !== null) stop(asError(error));
  });
  try {
    const code = await ended;
    return { stdout: text(out), stderr: text(err), code, ms: elapsed() };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
    channel.close();
  }
}

async function feed(
  channel: ClientChannel,
  preamble: Buffer | undefined,
  input: RunOptions["input"],
): Promise<void> {
  if (preamble !== undefined) channel.write(preamble);
  if (input === undefined || typeof input === "string" || Buffer.isBuffer(input)) channel.end(input);
  else await pipeline(input, channel.stdin);
}

const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString();

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
