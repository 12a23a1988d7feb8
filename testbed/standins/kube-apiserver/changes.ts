import { setTimeout as pausing } from "node:timers/promises";
import { EtcdError, etcdCode, type EtcdAnswer, type EtcdV2 } from "../common/etcd.ts";
import { log } from "../common/log.ts";
import type { ApiObject } from "../common/objects.ts";
import { decode, etcdWords } from "./store.ts";

/** One change of one object. */
export interface Change {
  index: number;
  key: string;
  /** The object as it is now; absent once deleted. */
  now?: ApiObject;
  /** As it was before; absent when new. */
  before?: ApiObject;
}

interface Follower {
  onChange(change: Change): void;
  /** Some changes were missed, or etcd is away: what was followed must be listed again. */
  onLost(): void;
}

const remembered = 1000;
const pause = 1000;
const gone = new Set(["delete", "expire", "compareAndDelete"]);

/** Every change below the prefix in etcd, by one watch, for any number of followers. */
export class Changes {
  readonly #etcd: EtcdV2;
  readonly #prefix: string;
  readonly #followers = new Set<Follower>();
  #past: Change[] = [];
  /** The index from which on nothing was missed. */
  #floor = Infinity;

  constructor(etcd: EtcdV2, prefix: string) {
    this.#etcd = etcd;
    this.#prefix = prefix;
  }

  /** Follows etcd for as long as the process lives. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        if (!isPassing(error)) log.error(`watch of ${this.#prefix} ended: ${etcdWords(error)}`);
        this.#floor = Infinity;
        this.#past = [];
        for (const follower of this.#followers) follower.onLost();
        await pausing(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /**
   * Tells the follower every change after `index`, past ones first.
   * @returns how to stop, or undefined where that index is too long ago
   */
  follow(index: number, follower: Follower): (() => void) | undefined {
    if (index < this.#floor) return undefined;
    for (const change of this.#past) if (change.index > index) follower.onChange(change);
    const later: Follower = {
      onChange: (change) => {
        if (change.index > index) follower.onChange(change);
      },
      onLost: () => {
        follower.onLost();
      },
    };
    this.#followers.add(later);
    return () => this.#followers.delete(later);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let index = await this.#current();
    this.#floor = index;
    for (;;) {
      const answer = await this.#etcd.watch(this.#prefix, { recursive: true, waitIndex: index + 1 }, signal);
      index = answer.node.modifiedIndex;
      if (answer.node.dir === true) continue;
      const change = read(answer);
      this.#past.push(change);
      if (this.#past.length > remembered) this.#floor = this.#past.shift()?.index ?? index;
      for (const follower of this.#followers) follower.onChange(change);
    }
  }

  async #current(): Promise<number> {
    try {
      return (await this.#etcd.get(this.#prefix)).index;
    } catch (error) {
      if (error instanceof EtcdError && error.code === etcdCode.keyNotFound) return error.index;
      throw error;
    }
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof EtcdError && error.code === etcdCode.indexCleared;

function read({ action, node, prevNode }: EtcdAnswer): Change {
  const index = node.modifiedIndex;
  return {
    index,
    key: node.key,
    ...(!gone.has(action) && { now: decode(node) }),
    // What was deleted carries the version of its deletion, so that a watch can go on from there.
    ...(prevNode?.value !== undefined && { before: decode(prevNode, index) }),
  };
}
