import { hostname } from "node:os";
import { setTimeout as pausing } from "node:timers/promises";
import { ApiError, type ApiClient } from "./api.ts";
import type { Flags } from "./flags.ts";
import { log } from "./log.ts";
import { timestamp, type ApiObject } from "./objects.ts";

const annotation = "control-plane.alpha.kubernetes.io/leader";
const namespace = "kube-system";

interface Record {
  holderIdentity: string;
  leaseDurationSeconds: number;
  acquireTime: string;
  renewTime: string;
  leaderTransitions: number;
}

/**
 * The one that may act among several of the same daemon, by an annotation on an endpoints object, as client-go 1.5 does
 * it: waits for the lead as long as it takes, then loses it where it could not renew it for 10 s.
 */
export class Leader {
  readonly #api: ApiClient;
  readonly #name: string;
  readonly #flags: Flags;
  /** Another's record as last seen change, and when that was, by our own clock. */
  #seen = { text: "", at: 0 };
  /** The lock as we last wrote it. */
  #own: ApiObject | undefined;

  constructor(api: ApiClient, name: string, flags: Flags) {
    this.#api = api;
    this.#name = name;
    this.#flags = flags;
  }

  /** Resolves when we lead; at once without --leader-elect. */
  async acquire(): Promise<void> {
    if (!this.#flags.bool("leader-elect")) return;
    while (!(await this.#hold())) await this.#pause();
    log.info(`sucessfully acquired lease ${namespace}/${this.#name}`);
  }

  /** Resolves when the lead is lost; never without --leader-elect. */
  async lost(): Promise<void> {
    if (!this.#flags.bool("leader-elect")) return new Promise(() => undefined);
    const deadline = this.#flags.duration("leader-elect-renew-deadline");
    let renewed = Date.now();
    while (Date.now() - renewed < deadline) {
      await this.#pause();
      const left = deadline - (Date.now() - renewed);
      const held = await Promise.race([this.#hold(), pausing(Math.max(left, 0), false, { ref: false })]);
      if (held) renewed = Date.now();
    }
    log.info(`failed to renew lease ${namespace}/${this.#name}`);
  }

  #pause(): Promise<void> {
    return pausing(this.#flags.duration("leader-elect-retry-period"));
  }

  async #hold(): Promise<boolean> {
    const folder = `/api/v1/namespaces/${namespace}/endpoints`;
    try {
      const current = this.#own ?? (await this.#current(`${folder}/${this.#name}`));
      const text = current?.metadata.annotations?.[annotation] ?? "";
      const record = text === "" ? undefined : (JSON.parse(text) as Record);
      if (record !== undefined && record.holderIdentity !== hostname() && !this.#expired(text)) {
        log.info(`lock is held by ${record.holderIdentity} and has not yet expired`);
        return false;
      }
      const annotations = {
        ...current?.metadata.annotations,
        [annotation]: JSON.stringify(this.#next(record)),
      };
      const metadata = { ...current?.metadata, name: this.#name, namespace, annotations };
      const lock = { ...current, metadata };
      this.#own =
        current === undefined
          ? await this.#api.create<ApiObject>(folder, lock)
          : await this.#api.update<ApiObject>(`${folder}/${this.#name}`, lock);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#own = undefined;
      log.error(`error retrieving resource lock ${namespace}/${this.#name}: ${error.message}`);
      return false;
    }
  }

  async #current(path: string): Promise<ApiObject | undefined> {
    try {
      return await this.#api.get<ApiObject>(path);
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  #expired(text: string): boolean {
    if (this.#seen.text !== text) this.#seen = { text, at: Date.now() };
    return Date.now() - this.#seen.at > this.#flags.duration("leader-elect-lease-duration");
  }

  #next(record: Record | undefined): Record {
    const now = timestamp();
    const ours = record?.holderIdentity === hostname();
    return {
      holderIdentity: hostname(),
      leaseDurationSeconds: this.#flags.duration("leader-elect-lease-duration") / 1000,
      acquireTime: ours ? record.acquireTime : now,
      renewTime: now,
      leaderTransitions: (record?.leaderTransitions ?? 0) + (ours || record === undefined ? 0 : 1),
    };
  }
}
