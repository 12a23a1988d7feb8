import { AsyncLocalStorage } from "node:async_hooks";
import { keyOf, type Asked, type Fact, type Observation } from "../facts/fact.ts";
import { read, type Observer, type Performance } from "../facts/observe.ts";
import type { Course } from "./course.ts";

/** One look of `eventually`: what it has seen so far. */
interface Look {
  /** Whether it may use what was seen before. */
  first: boolean;
  seen: Map<string, Promise<Observation>>;
}

/** The look that the code running now belongs to. */
export const looking = new AsyncLocalStorage<Look>();

/**
 * What is known of one machine. Questions of one turn of the event loop share a round trip; what was answered is
 * kept until something is done to the machine.
 */
export class Readings {
  readonly observer: Observer;
  readonly #course: Course;
  readonly #known = new Map<string, Promise<Observation>>();
  /** How much had been done to the machines when what is known was seen. */
  #acts = 0;
  readonly #first = new Map<string, Observation>();
  #waiting: { asked: Asked; answer: (observation: Promise<Observation>) => void }[] = [];

  constructor(observer: Observer, course: Course) {
    this.observer = observer;
    this.#course = course;
  }

  /** Asks many questions in one round trip, for later; a failure shows where a fact is read, and not here. */
  async snapshot(planned: readonly Asked[]): Promise<void> {
    await Promise.allSettled(planned.map((asked) => this.#fetch(asked, this.#known)));
  }

  /** A fact as data. @throws NotJudged when the machine does not answer, and what the fact's parser throws */
  async read<T, A extends readonly string[]>(fact: Fact<T, A>, ...args: A): Promise<T> {
    const asked = fact.ask(...args);
    const look = looking.getStore();
    if (this.#acts !== this.#course.acts) this.#known.clear();
    this.#acts = this.#course.acts;
    return this.#note(
      fact,
      await this.#fetch(asked, look === undefined || look.first ? this.#known : look.seen),
    );
  }

  /** A fact as it was when it was first read or planned in this judging. */
  async readFirst<T, A extends readonly string[]>(fact: Fact<T, A>, ...args: A): Promise<T> {
    const first = this.#first.get(keyOf(fact.ask(...args)));
    return first === undefined ? this.read(fact, ...args) : this.#note(fact, first);
  }

  /** A fact as it was when it was first seen, for no evidence; undefined where it was not, or cannot be understood. */
  recall<T, A extends readonly string[]>(fact: Fact<T, A>, ...args: A): T | undefined {
    const first = this.#first.get(keyOf(fact.ask(...args)));
    try {
      return first && read(fact.parse, first);
    } catch {
      return undefined;
    }
  }

  /** Facts asked anew and left out of what is known and of the evidence: for telling why something failed. */
  inquire(asked: readonly Asked[]): Promise<Observation[]> {
    return this.observer.observe(
      asked.map((one) => ({ ...one, purpose: "inquiry" as const })),
      this.#course.signal,
    );
  }

  /** Does something to the machine by a command of its own. What is known of any machine may no longer be so. */
  async act<T, A extends readonly string[]>(act: Fact<T, A>, ...args: A): Promise<T> {
    const [done] = await this.actOnEach(act, [args]);
    return done as T;
  }

  /** The same to several things, in one round trip. */
  async actOnEach<T, A extends readonly string[]>(act: Fact<T, A>, each: readonly A[]): Promise<T[]> {
    const seen = await this.#do(
      each.map((args) => act.ask(...args)),
      "act",
    );
    this.#course.acts += 1;
    return seen.map((one) => this.#note(act, one));
  }

  /** The same where no other machine can notice: what is known of the others stays known. */
  async actHere<T, A extends readonly string[]>(act: Fact<T, A>, ...args: A): Promise<T> {
    const [seen] = await this.#do([act.ask(...args)], "act here");
    this.#known.clear();
    if (seen === undefined) throw new Error("expected an observation of every act");
    return this.#note(act, seen);
  }

  /** Does something to the machine that takes more than a command, and leaves it as it was. */
  async perform<T, A extends readonly string[]>(
    act: Fact<T, A>,
    performance: Performance,
    ...args: A
  ): Promise<T> {
    return this.#note(act, await this.observer.perform(act.ask(...args), performance));
  }

  #do(asked: readonly Asked[], purpose: "act" | "act here"): Promise<Observation[]> {
    return this.observer.observe(
      asked.map((one) => ({ ...one, purpose })),
      this.#course.signal,
    );
  }

  #note<T, A extends readonly string[]>(fact: Fact<T, A>, seen: Observation): T {
    this.#course.sawFact(seen);
    return read(fact.parse, seen);
  }

  #fetch(asked: Asked, shelf: Map<string, Promise<Observation>>): Promise<Observation> {
    const key = keyOf(asked);
    const known = shelf.get(key);
    if (known !== undefined) return known;
    const fetched = new Promise<Observation>((resolve) => {
      if (this.#waiting.push({ asked, answer: resolve }) === 1) setImmediate(() => void this.#ask());
    });
    shelf.set(key, fetched);
    this.#known.set(key, fetched);
    return fetched;
  }

  async #ask(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const all = this.observer.observe(
      waiting.map(({ asked }) => asked),
      this.#course.signal,
    );
    waiting.forEach(({ answer }, index) => {
      answer(
        all.then((observations) => {
          const observation = observations[index];
          if (observation === undefined) throw new Error("expected one observation per question");
          const key = keyOf(observation);
          if (!this.#first.has(key)) this.#first.set(key, observation);
          return observation;
        }),
      );
    });
    await all.catch(() => undefined);
  }
}
