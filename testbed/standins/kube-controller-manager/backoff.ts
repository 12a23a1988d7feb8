const first = 1000;
const longest = 30_000;

/** Longer and longer pauses for what fails again and again. */
export class Backoff {
  readonly #pauses = new Map<string, number>();
  readonly #pausing = new Set<string>();

  isPausing(key: string): boolean {
    return this.#pausing.has(key);
  }

  forget(key: string): void {
    this.#pauses.delete(key);
  }

  /** Pauses, then calls. */
  pause(key: string, then: () => void): void {
    const pause = this.#pauses.get(key) ?? first;
    this.#pauses.set(key, Math.min(pause * 2, longest));
    this.#pausing.add(key);
    setTimeout(() => {
      this.#pausing.delete(key);
      then();
    }, pause);
  }
}
