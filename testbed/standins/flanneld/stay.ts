import { setTimeout as pause } from "node:timers/promises";
import type { EtcdChange, EtcdV2 } from "../common/etcd.ts";
import { log } from "../common/log.ts";
import type { Device } from "./device.ts";
import { readLease, type Lease, type LeaseRegistry } from "./leases.ts";
import { Peers } from "./peers.ts";

const retryPause = 1000;
const renewRetryPause = 60_000;

export interface Keeping {
  etcd: EtcdV2;
  registry: LeaseRegistry;
  /** How long before its end a lease is renewed, in milliseconds. */
  renewMargin: number;
}

/**
 * Keeps the lease and the other machines' entries current until the signal aborts or the lease is gone from etcd.
 * Never throws.
 */
export async function stay(
  { etcd, registry, renewMargin }: Keeping,
  device: Device,
  lease: Lease,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const end = () => {
    over.abort();
  };
  signal.addEventListener("abort", end, { once: true });
  const peers = new Peers(device);
  log.info("Watching for L3 misses");
  peers.watchMisses();
  const renewal = new Renewal(lease, renewMargin, (current) => registry.renew(current));
  log.info("Watching for new subnet leases");
  const view = new LeaseView(registry.keyOf(lease));
  while (!over.signal.aborted) {
    try {
      for await (const change of etcd.follow(registry.subnets, over.signal)) {
        view.apply(change);
        if (view.own === undefined) {
          log.warning("Lease has been revoked");
          over.abort();
          break;
        }
        renewal.expires(view.own.expires);
        await peers.set([...view.others.values()]);
      }
    } catch (error) {
      log.error(`Watch subnets: ${(error as Error).message}`);
      await pause(retryPause, undefined, { signal: over.signal }).catch(() => undefined);
    }
  }
  signal.removeEventListener("abort", end);
  renewal.stop();
  peers.stop();
}

/** The leases in etcd as the changes tell them, by key. */
class LeaseView {
  own: Lease | undefined;
  readonly others = new Map<string, Lease>();
  readonly #ownKey: string;

  constructor(ownKey: string) {
    this.#ownKey = ownKey;
  }

  apply(change: EtcdChange): void {
    if (change.kind === "everything") {
      this.own = undefined;
      this.others.clear();
      for (const node of change.nodes) this.#put(node.key, readLease(node));
      return;
    }
    const { action, node } = change.answer;
    if (action !== "delete" && action !== "expire") {
      this.#put(node.key, readLease(node));
      return;
    }
    // What was deleted may be the whole directory.
    const gone = (key: string) => key === node.key || key.startsWith(`${node.key}/`);
    if (gone(this.#ownKey)) this.own = undefined;
    for (const key of [...this.others.keys()].filter(gone)) this.others.delete(key);
  }

  #put(key: string, lease: Lease | undefined): void {
    if (lease === undefined) return;
    if (key === this.#ownKey) this.own = lease;
    else this.others.set(key, lease);
  }
}

/** Renews the lease when its end is as near as the margin; after a failure once a minute. */
class Renewal {
  readonly #lease: Lease;
  readonly #margin: number;
  readonly #renew: (lease: Lease) => Promise<Lease>;
  #expires: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(lease: Lease, margin: number, renew: (lease: Lease) => Promise<Lease>) {
    this.#lease = lease;
    this.#margin = margin;
    this.#renew = renew;
  }

  /** A lease without an end (a reservation) is renewed at once, and then has one: flannel 0.7.1 does so. */
  expires(at: number | undefined): void {
    if (this.#timer !== undefined && at === this.#expires) return;
    this.#expires = at;
    this.#schedule((at ?? 0) - Date.now() - this.#margin);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #schedule(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#now(), Math.max(wait, 0));
  }

  async #now(): Promise<void> {
    try {
      // The watch hears of the new expiration and schedules the next renewal.
      const { expires } = await this.#renew(this.#lease);
      log.info(`Lease renewed, new expiration: ${new Date(expires ?? 0).toISOString()}`);
    } catch (error) {
      log.error(`Error renewing lease (trying again in 1 min): ${(error as Error).message}`);
      this.#schedule(renewRetryPause);
    }
  }
}
