import type { Role } from "../lab/schema.ts";
import { keyOf, type Asked, type Observation } from "./fact.ts";
import type { Observer } from "./observe.ts";

/** Time as a recording tells it: it goes on with what is looked at, and with what is waited for. */
export class RecordedClock {
  #now: number;

  constructor(observations: readonly Observation[]) {
    this.#now = Math.min(...observations.map(({ at }) => Date.parse(at)), Infinity);
    if (this.#now === Infinity) this.#now = 0;
  }

  now = (): number => this.#now;

  wait = (ms: number): Promise<void> => {
    this.#now += ms;
    return Promise.resolve();
  };

  /** Goes on to the end of an observation. */
  saw({ at, ms }: Observation): void {
    this.#now = Math.max(this.#now, Date.parse(at) + ms);
  }
}

/**
 * Machines as a recording has them. Each question is answered as it was answered the first time, then the second
 * time; one that was not asked then has no answer, which shows where it is read.
 */
export function recordedObservers(
  machines: readonly { name: string; role: Role; address: string }[],
  observations: readonly Observation[],
  clock: RecordedClock,
): Observer[] {
  return machines.map(({ name, role, address }) => {
    const answers = new Map<string, Observation[]>();
    for (const seen of observations) {
      if (seen.machine !== name) continue;
      const key = keyOf(seen);
      answers.set(key, [...(answers.get(key) ?? []), seen]);
    }
    const answer = (asked: Asked): Observation => {
      const seen = answers.get(keyOf(asked))?.shift();
      if (seen === undefined) return missing(name, asked, clock.now());
      clock.saw(seen);
      return seen;
    };
    return {
      name,
      role,
      address,
      observe: (asked) => Promise.resolve(asked.map(answer)),
      perform: (asked) => Promise.resolve(answer(asked)),
    };
  });
}

const missing = (machine: string, asked: Asked, now: number): Observation => ({
  machine,
  ...asked,
  at: new Date(now).toISOString(),
  ms: 0,
  code: 255,
  stdout: "",
  stderr: "not recorded",
  missing: true,
});
