import type { Lab } from "../lab/lab.ts";
import type { Machine } from "../machines/machine.ts";
import type { Answer } from "./ask.ts";
import type { KeptPackages } from "./kept-packages.ts";
import type { Peers } from "./peers.ts";
import type { Plan } from "./plan.ts";
import type { Change } from "./result.ts";

/** What applying a plan to a machine needs beside the machine and the plan. */
export interface Surroundings {
  /** Gets every change as it is made, so that what was changed is known when the plan breaks off, too. */
  changes: Change[];
  peers: Peers;
  /** The lab's repositories, as its machines ask them. */
  repositories: Lab["repositories"];
  /** What earlier machines have fetched; undefined where packages come from this host anyway. */
  kept: KeptPackages | undefined;
  say: (text: string) => void;
  signal: AbortSignal;
}

/** The provisioning of one machine under way: what was found, what was changed, what is to be restarted. */
export class Work {
  readonly machine: Machine;
  readonly signal: AbortSignal;
  readonly peers: Peers;
  readonly plan: Plan;
  readonly repositories: Lab["repositories"];
  readonly kept: KeptPackages | undefined;
  /** The state of all that the plan names, before anything was done. */
  readonly first: Answer;
  /** Units whose files changed since they were last started. */
  readonly restarts = new Set<string>();
  /** Units this run has started, with when their main process began. */
  readonly started = new Map<string, number>();
  /** Whether a unit was reached: what fails from then on can be the cluster's fault. */
  unitsReached = false;
  readonly #changes: Change[];
  readonly #say: (text: string) => void;

  constructor(machine: Machine, plan: Plan, first: Answer, surroundings: Surroundings) {
    this.machine = machine;
    this.signal = surroundings.signal;
    this.peers = surroundings.peers;
    this.repositories = surroundings.repositories;
    this.kept = surroundings.kept;
    this.plan = plan;
    this.first = first;
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

  /** Whether this run has changed anything of these kinds; of any kind, where none is named. */
  hasChanged(...kinds: Change["kind"][]): boolean {
    return this.#changes.some(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  }
}
