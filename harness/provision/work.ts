import type { Lab } from "../lab/lab.ts";
import type { Machine } from "../machines/machine.ts";
import { appliedFile, parseApplied, type Applied } from "./applied.ts";
import type { Answer } from "./ask.ts";
import type { KeptPackages } from "./kept-packages.ts";
import type { Peers } from "./peers.ts";
import type { Plan, WantedFile } from "./plan.ts";
import { push } from "./push.ts";
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
  /** How long each unit took to start in a healthy run, milliseconds. */
  healthy?: ReadonlyMap<string, number>;
  say: (text: string) => void;
  signal: AbortSignal;
}

const recordOf = (text: string): WantedFile => ({
  path: appliedFile,
  content: `${text}\n`,
  bytes: Buffer.from(`${text}\n`),
  template: "",
  mode: "0600",
  owner: "root:root",
  restarts: [],
});

/** The provisioning of one machine under way: what was found, what was changed, what is to be restarted. */
export class Work {
  readonly machine: Machine;
  readonly signal: AbortSignal;
  readonly peers: Peers;
  readonly plan: Plan;
  readonly repositories: Lab["repositories"];
  readonly kept: KeptPackages | undefined;
  /** The state of all that the plan names, before any of it was done. */
  first: Answer;
  /** What was done to the machine, by this run and by those before it. */
  readonly applied: Applied;
  /** Units whose files changed since they were last started. */
  readonly restarts = new Set<string>();
  /** Units this run has started, with when their main process began. */
  readonly started = new Map<string, number>();
  /** How long each unit took to start in a healthy run, milliseconds. */
  readonly healthy: ReadonlyMap<string, number>;
  /** Whether a unit was reached: what fails from then on can be the cluster's fault. */
  unitsReached = false;
  /** `applied` as the machine has it. */
  #recorded: string;
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
    this.healthy = surroundings.healthy ?? new Map();
    this.applied = parseApplied(first.applied, machine.name);
    this.#recorded = JSON.stringify(this.applied);
    this.#changes = surroundings.changes;
    this.#say = surroundings.say;
  }

  say(text: string): void {
    this.#say(text);
  }

  changed(kind: Change["kind"], what: string, restarts: Iterable<string> = [], once?: Change["once"]): void {
    this.#changes.push({ kind, what, ...(once !== undefined && { once }) });
    for (const unit of restarts) this.restarts.add(unit);
  }

  /** Starts a unit, and notes how long that took. */
  async timed<T>(start: () => Promise<T>): Promise<T> {
    const begun = Date.now();
    const change = this.#changes.at(-1);
    const began = await start();
    if (change !== undefined) change.ms = Date.now() - begun;
    return began;
  }

  /**
   * Has the machine keep `applied` as it is now, where that differs. What is about to be done is recorded first: a
   * run that ends in between leaves nothing behind that nobody knows of.
   */
  async record(): Promise<void> {
    const text = JSON.stringify(this.applied);
    if (text === this.#recorded) return;
    await push(this.machine, [recordOf(text)], this.signal);
    this.#recorded = text;
  }

  /** Whether this run has changed anything of these kinds; of any kind, where none is named. */
  hasChanged(...kinds: Change["kind"][]): boolean {
    return this.#changes.some(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  }
}
