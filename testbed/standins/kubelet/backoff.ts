const first = 10_000;
const longest = 300_000;

/** How long each thing that failed is left alone: 10 s, doubled with each failure up to 5 minutes. */
export class Backoff {
  readonly #entries = new Map<string, { wait: number; since: number }>();

  /** Notes one more try now. */
  next(key: string): void {
    const entry = this.#current(key);
    const wait = entry === undefined ? first : Math.min(entry.wait * 2, longest);
    this.#entries.set(key, { wait, since: Date.now() });
  }

  /** The milliseconds still to wait, counted from `event` (or from the last try); 0 where it may be tried now. */
  left(key: string, event?: number): number {
    const entry = this.#current(key);
    return entry === undefined ? 0 : Math.max(0, (event ?? entry.since) + entry.wait - Date.now());
  }

  /** The whole of the current wait, in milliseconds. */
  wait(key: string): number {
    return this.#current(key)?.wait ?? 0;
  }

  /** What went well for long enough starts anew. */
  #current(key: string): { wait: number; since: number } | undefined {
    const entry = this.#entries.get(key);
    return entry === undefined || Date.now() - entry.since > 2 * longest ? undefined : entry;
  }
}
