import { log } from "../common/log.ts";
import { label, type KubeletPod } from "./pod.ts";
import { PodWorker, type Shared } from "./worker.ts";

/** The pods of this machine: a worker for each. */
export class Pods {
  readonly #shared: Shared;
  readonly #workers = new Map<string, PodWorker>();
  #wanted: Set<string> | undefined;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  get list(): KubeletPod[] {
    return [...this.#workers.values()].map(({ pod }) => pod);
  }

  /** The API's pods of this node, all of them. */
  set(pods: KubeletPod[]): void {
    const first = this.#wanted === undefined;
    this.#wanted = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const [uid, worker] of this.#workers) if (!this.#wanted.has(uid)) worker.forget();
    for (const pod of pods) {
      const { uid } = pod.metadata;
      const worker =
        this.#workers.get(uid) ?? new PodWorker(this.#shared, pod, () => void this.#workers.delete(uid));
      this.#workers.set(uid, worker);
      worker.update(pod);
    }
    if (first) void this.removeOrphans();
  }

  /** A container of the pod has ended. */
  died(uid: string): void {
    this.#workers.get(uid)?.look();
  }

  lookAtAll(): void {
    for (const worker of this.#workers.values()) worker.look();
  }

  /** Ends the containers of pods the API does not have: what an earlier kubelet has left. */
  async removeOrphans(): Promise<void> {
    const { docker } = this.#shared;
    try {
      for (const { Id, Config, State } of await docker.containers(label.uid)) {
        const uid = Config.Labels[label.uid] ?? "";
        if (this.#wanted === undefined || this.#wanted.has(uid) || this.#workers.has(uid)) continue;
        log.info(`Killing unwanted pod "${Config.Labels[label.pod] ?? uid}"`);
        if (State.Running) await docker.stop(Id, Number(Config.Labels[label.grace] ?? 30));
        await docker.remove(Id);
        await this.#shared.volumes.remove(uid);
      }
    } catch (error) {
      log.error(`Failed removing orphaned pods: ${(error as Error).message}`);
    }
  }
}
