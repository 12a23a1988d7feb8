import { createHash } from "node:crypto";

/** A source of choices that is the same for the same seed, on any machine. */
export class Random {
  readonly #seed: string;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A whole number from 0 to below a bound. */
  below(bound: number): number {
    const hash = createHash("sha256").update(`${this.#seed}/${this.#count++}`).digest();
    return hash.readUInt32BE(0) % bound;
  }

  /** One of a list's items. @throws RangeError where it is empty */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("expected something to pick from");
    return item;
  }
}
