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
 * Machines as a recording has them. A question is answered as it was answered the first time after the last act, then
 * the second time, and so on; asked more often than then, it has the last answer again as long as nothing is done to
 * the machines. So a spec that is new changes nothing for the others. A question that was not asked then has no
 * answer, which shows where it is read. An inquiry is answered by what was seen next, and takes nothing from the specs.
 */
export function recordedObservers(
  machines: readonly { name: string; role: Role; address: string }[],
  observations: readonly Observation[],
  clock: RecordedClock,
): Observer[] {
  const acts = new Acts(observations);
  return machines.map(({ name, role, address }) => {
    const answers = new Map<string, Answers>();
    observations.forEach((seen, place) => {
      if (seen.machine !== name) return;
      const key = keyOf(seen);
      const known = answers.get(key) ?? new Answers();
      answers.set(key, known.add(seen, place));
    });
    const answer = (asked: Asked): Observation => {
      const known = answers.get(keyOf(asked));
      if (asked.purpose === "inquiry")
        return known?.nearest(clock.now()) ?? missing(name, asked, clock.now());
      const isAct = asked.purpose !== undefined;
      const found = isAct ? known?.act() : known?.look((place) => acts.isNow(name, place));
      if (found === undefined) return missing(name, asked, clock.now());
      if (isAct) acts.did(found);
      clock.saw(found.seen);
      return found.seen;
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

interface Placed {
  seen: Observation;
  /** Its place in the recording. */
  place: number;
}

const concerns = ({ seen: { purpose, machine } }: Placed, name: string): boolean =>
  purpose === "act" || (purpose === "act here" && machine === name);

/** What was done to the machines, as the recording has it and as far as it was done again. */
class Acts {
  readonly #recorded: Placed[];
  readonly #done: Placed[] = [];

  constructor(observations: readonly Observation[]) {
    this.#recorded = observations.map((seen, place) => ({ seen, place }));
  }

  did(act: Placed): void {
    this.#done.push(act);
  }

  /** Whether something was observed on a machine after what was done to it last, and before what was done to it next. */
  isNow(machine: string, observed: number): boolean {
    const last = Math.max(
      -1,
      ...this.#done.filter((act) => concerns(act, machine)).map(({ place }) => place),
    );
    const next = this.#recorded.find((act) => act.place > last && concerns(act, machine))?.place ?? Infinity;
    return last < observed && observed < next;
  }
}

/** The answers a question was given, in order. */
class Answers {
  readonly #left: Placed[] = [];
  readonly #all: Observation[] = [];
  #last: Placed | undefined;

  add(seen: Observation, place: number): this {
    this.#all.push(seen);
    if (seen.purpose !== "inquiry") this.#left.push({ seen, place });
    return this;
  }

  act = (): Placed | undefined => this.#left.shift();

  look(isNow: (place: number) => boolean): Placed | undefined {
    const next = this.#left.findIndex(({ place }) => isNow(place));
    if (next >= 0) this.#last = this.#left.splice(0, next + 1).at(-1);
    return this.#last !== undefined && isNow(this.#last.place) ? this.#last : undefined;
  }

  /** The first one from a moment on, else the last. */
  nearest(now: number): Observation | undefined {
    return this.#all.find(({ at }) => Date.parse(at) >= now) ?? this.#all.at(-1);
  }
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
