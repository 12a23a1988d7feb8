import { keyOf, type Observation } from "../facts/fact.ts";
import type { Graph } from "../cause/graph.ts";
import type { Clock } from "./clock.ts";
import type { Subject } from "./subject.ts";

/** One use of `eventually`. */
export interface Wait {
  looks: number;
  /** Milliseconds, as are budgets. */
  elapsed: number;
  budget: number;
  /** Where it was less than its budget, for a healthy run takes that much less. */
  healthy?: true;
}

/** A look at which a condition did not hold. */
export interface MissedLook {
  /** Milliseconds by the course's clock. */
  at: number;
  saw: string;
}

/** What is noted while one spec, with the hooks before it, runs. */
export interface Notes {
  /** When it began, in milliseconds by the course's clock. */
  begun: number;
  /** Its whole title; empty in hooks before it. */
  title: string;
  /** The last observation of each fact that was read. */
  evidence: Map<string, Observation>;
  waits: Wait[];
  missed: MissedLook[];
  /** What the spec said it is about, by the words it is named with in messages. */
  subjects: Map<string, Subject>;
}

/** The judging under way: the clock and signal it goes by, the chain with what is broken, and the notes on the spec that runs now. */
export class Course {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  notes: Notes;
  /** How much was done to the machines so far: what was seen before may no longer be so. */
  acts = 0;
  readonly graph: Graph;
  /** The longest wait of each spec in a healthy run, milliseconds, by its whole title. */
  readonly healthy: ReadonlyMap<string, number>;

  constructor(
    clock: Clock,
    signal: AbortSignal,
    graph: Graph,
    healthy: ReadonlyMap<string, number> = new Map(),
  ) {
    this.clock = clock;
    this.signal = signal;
    this.graph = graph;
    this.healthy = healthy;
    this.notes = this.#blank();
  }

  /** Hands over the notes taken since the last turn. */
  turn(): Notes {
    const taken = this.notes;
    this.notes = this.#blank();
    return taken;
  }

  sawFact(observation: Observation): void {
    this.notes.evidence.set(`${observation.machine} ${keyOf(observation)}`, observation);
  }

  #blank = (): Notes => ({
    begun: this.clock.now(),
    title: "",
    evidence: new Map(),
    waits: [],
    missed: [],
    subjects: new Map(),
  });
}
