import type { Observation } from "../facts/fact.ts";
import type { Clock } from "./clock.ts";
import type { Evidence } from "./result.ts";
import type { Subject } from "./subject.ts";

/** One use of `eventually`. */
export interface Wait {
  looks: number;
  /** Milliseconds, as are budgets. */
  elapsed: number;
  budget: number;
  /** What the last look that failed saw. */
  lastSeen: string | undefined;
}

/** What is noted while one spec, with the hooks before it, runs. */
export interface Notes {
  evidence: Evidence[];
  waits: Wait[];
  /** What the spec said it is about, by the words it is named with in messages. */
  subjects: Map<string, Subject>;
}

/** The judging under way: the clock and signal it goes by, and the notes on the spec that runs now. */
export class Course {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  notes: Notes = blank();
  /** How much was done to the machines so far: what was seen before may no longer be so. */
  acts = 0;

  constructor(clock: Clock, signal: AbortSignal) {
    this.clock = clock;
    this.signal = signal;
  }

  /** Hands over the notes taken since the last turn. */
  turn(): Notes {
    const taken = this.notes;
    this.notes = blank();
    return taken;
  }

  sawFact({ fact, machine, at }: Observation): void {
    const known = this.notes.evidence.find((seen) => seen.fact === fact && seen.machine === machine);
    if (known === undefined) this.notes.evidence.push({ fact, machine, at });
    else known.at = at;
  }
}

const blank = (): Notes => ({ evidence: [], waits: [], subjects: new Map() });
