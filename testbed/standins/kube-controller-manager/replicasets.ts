import { ApiError, type ApiClient } from "../common/api.ts";
import type { EventRecorder } from "../common/events.ts";
import { isTrue, matches, type Pod, type ReplicaSet } from "../common/objects.ts";
import { Backoff } from "./backoff.ts";
import { withCondition } from "./conditions.ts";
import type { Mirror } from "./mirror.ts";
import { same } from "./same.ts";

const apiVersion = "extensions/v1beta1";
/** How long a pod just made may stay unseen before it is made again. */
const patience = 30_000;

export const isActive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && !["Succeeded", "Failed"].includes(status?.phase ?? "");

/** Least useful first: on no node, not running, not ready, youngest. */
function byUselessness(one: Pod, other: Pod): number {
  const rank = ({ spec, status }: Pod): number =>
    (spec.nodeName ? 4 : 0) +
    (status?.phase === "Running" ? 2 : 0) +
    (isTrue("Ready", status?.conditions) ? 1 : 0);
  const age = (pod: Pod): string => pod.metadata.creationTimestamp ?? "";
  return rank(one) - rank(other) || age(other).localeCompare(age(one));
}

/** Keeps as many pods of each replica set as it wants. */
export class ReplicaSetController {
  readonly #api: ApiClient;
  readonly #mirror: Mirror;
  readonly #events: EventRecorder;
  readonly #ask: () => void;
  /** When each pod was made that was not seen yet, by its set. */
  readonly #coming = new Map<string, Map<string, number>>();
  readonly #going = new Set<string>();
  readonly #filling = new Set<string>();
  /** Why pods of a set could not be made. */
  readonly #refusals = new Map<string, string>();
  readonly #backoff = new Backoff();

  /** @param ask asks for another `sync` */
  constructor(api: ApiClient, mirror: Mirror, events: EventRecorder, ask: () => void) {
    this.#api = api;
    this.#mirror = mirror;
    this.#events = events;
    this.#ask = ask;
  }

  async sync(): Promise<void> {
    const { replicaSets, pods } = this.#mirror;
    const existing = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const uid of this.#going) if (!existing.has(uid)) this.#going.delete(uid);
    for (const set of replicaSets) {
      const own = this.#podsOf(set);
      const active = own.filter((pod) => isActive(pod) && !this.#going.has(pod.metadata.uid ?? ""));
      const missing = set.spec.replicas - active.length - this.#awaited(set, own);
      if (missing > 0) void this.#fill(set, missing);
      else if (missing < 0) await this.#drop(set, active.sort(byUselessness).slice(0, -missing));
      await this.#report(set, active);
    }
  }

  #podsOf(set: ReplicaSet): Pod[] {
    const { namespace, uid } = set.metadata;
    return this.#mirror.pods.filter(({ metadata }) => {
      if (metadata.namespace !== namespace) return false;
      const owner = metadata.ownerReferences?.find(({ controller }) => controller);
      if (owner !== undefined) return owner.uid === uid;
      return matches(set.spec.selector.matchLabels ?? {}, metadata.labels);
    });
  }

  /** How many pods are made but not seen yet. */
  #awaited(set: ReplicaSet, seen: Pod[]): number {
    const coming = this.#coming.get(set.metadata.uid ?? "");
    if (coming === undefined) return 0;
    for (const { metadata } of seen) coming.delete(metadata.uid ?? "");
    for (const [uid, made] of coming) if (Date.now() - made > patience) coming.delete(uid);
    return coming.size;
  }

  async #fill(set: ReplicaSet, count: number): Promise<void> {
    const { uid = "", name, namespace = "" } = set.metadata;
    if (this.#filling.has(uid) || this.#backoff.isPausing(uid)) return;
    this.#filling.add(uid);
    const { metadata = {}, spec } = set.spec.template;
    const owner = { apiVersion, kind: "ReplicaSet", name, uid, controller: true };
    const pod = { metadata: { ...metadata, generateName: `${name}-`, ownerReferences: [owner] }, spec };
    const about = { ...set, kind: "ReplicaSet" };
    const made = this.#coming.get(uid) ?? new Map<string, number>();
    this.#coming.set(uid, made);
    let refusal: string | undefined;
    const make = async (): Promise<void> => {
      try {
        const { metadata } = await this.#api.create<Pod>(`/api/v1/namespaces/${namespace}/pods`, pod);
        made.set(metadata.uid ?? "", Date.now());
        this.#events.record(about, "Normal", "SuccessfulCreate", `Created pod: ${metadata.name}`);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refusal = error.message;
        this.#events.record(about, "Warning", "FailedCreate", `Error creating: ${error.message}`);
      }
    };
    await Promise.all(Array.from({ length: count }, make));
    this.#filling.delete(uid);
    if (refusal === undefined) {
      this.#refusals.delete(uid);
      this.#backoff.forget(uid);
    } else {
      this.#refusals.set(uid, refusal);
      this.#backoff.pause(uid, this.#ask);
    }
    this.#ask();
  }

  async #drop(set: ReplicaSet, pods: Pod[]): Promise<void> {
    for (const { metadata } of pods) {
      this.#going.add(metadata.uid ?? "");
      await this.#api.remove(`/api/v1/namespaces/${metadata.namespace ?? ""}/pods/${metadata.name}`);
      const about = { ...set, kind: "ReplicaSet" };
      this.#events.record(about, "Normal", "SuccessfulDelete", `Deleted pod: ${metadata.name}`);
    }
  }

  async #report(set: ReplicaSet, active: Pod[]): Promise<void> {
    const { name, namespace = "", uid = "", generation } = set.metadata;
    const ready = active.filter(({ status }) => isTrue("Ready", status?.conditions)).length;
    const message = this.#refusals.get(uid);
    const failure = message && { status: "True" as const, reason: "FailedCreate", message };
    const conditions = withCondition(set.status?.conditions, "ReplicaFailure", failure || undefined);
    const status = {
      ...(conditions.length > 0 && { conditions }),
      ...(active.length > 0 && { fullyLabeledReplicas: active.length }),
      ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
      replicas: active.length,
      observedGeneration: generation,
    };
    if (same(status, set.status)) return;
    const path = `/apis/${apiVersion}/namespaces/${namespace}/replicasets/${name}/status`;
    await this.#api.update(path, { ...set, status });
  }
}
