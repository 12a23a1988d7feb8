import type { Machine } from "../machines/machine.ts";
import { ask } from "./ask.ts";
import type { Answer, Question } from "./ask.ts";
import type { Peers } from "./peers.ts";
import type { Plan, WantedFile } from "./plan.ts";
import type { Change } from "./result.ts";

/** What applying a plan to a machine needs beside the machine and the plan. */
export interface Surroundings {
  /** Gets every change as it is made, so that what was changed is known when the plan breaks off, too. */
  changes: Change[];
  peers: Peers;
  say: (text: string) => void;
  signal: AbortSignal;
}

/** The provisioning of one machine under way: what was found, what was changed, what is to be restarted. */
export class Work {
  readonly machine: Machine;
  readonly signal: AbortSignal;
  readonly peers: Peers;
  /** The files of the machine's plan, for what a failure has to do with them. */
  readonly files: WantedFile[];
  /** Units whose files changed since they were last started. */
  readonly restarts = new Set<string>();
  /** Whether a unit was brought up, so that what fails now can be the cluster's fault. */
  unitsReached = false;
  /** Units this run has started, with when their main process began. */
  readonly started = new Map<string, number>();
  readonly #first: Answer;
  readonly #changes: Change[];
  readonly #say: (text: string) => void;

  /** `first` is the state of all that the plan names, before anything is done. */
  constructor(machine: Machine, plan: Plan, first: Answer, surroundings: Surroundings) {
    this.machine = machine;
    this.signal = surroundings.signal;
    this.peers = surroundings.peers;
    this.files = plan.files;
    this.#first = first;
    this.#changes = surroundings.changes;
    this.#say = surroundings.say;
  }

  say(text: string): void {
    this.#say(text);
  }

  changed(kind: Change["kind"], what: string, restarts: Iterable<string> = []): void {
    this.#changes.push({ kind, what });
    for (const unit of restarts) this.restarts.add(unit);
  }

  /**
   * The state of what is asked about. As long as nothing was changed in this run, what was found at its beginning
   * still holds; after that the machine is asked again, for packages bring files and one unit can stop another.
   */
  async look(question: Question): Promise<Answer> {
    return this.#changes.length === 0 ? this.#first : ask(this.machine, question, this.signal);
  }
}
