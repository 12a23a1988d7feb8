import { setTimeout as pause } from "node:timers/promises";

interface Polling {
  /** Milliseconds after which to give up; a budget. */
  within: number;
  /** Milliseconds between two looks. */
  every: number;
  signal?: AbortSignal;
}

/**
 * Looks until there is something to see.
 * @returns what was seen, or undefined when the budget was used up
 * @throws whatever `look` throws, and the signal's reason
 */
export async function poll<T>(
  look: () => Promise<T | undefined> | T | undefined,
  { within, every, signal }: Polling,
): Promise<T | undefined> {
  const end = Date.now() + within;
  for (;;) {
    signal?.throwIfAborted();
    const seen = await look();
    if (seen !== undefined || Date.now() >= end) return seen;
    await pause(every, undefined, signal === undefined ? {} : { signal });
  }
}
