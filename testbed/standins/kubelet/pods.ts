import { log } from "../common/log.ts";
import { Turn } from "../common/turn.ts";
import type { ContainerInfo } from "./docker.ts";
import { label, type KubeletPod } from "./pod.ts";
import { PodWorker, type Shared } from "./worker.ts";

/** The pods of this machine: a worker for each. */
export class Pods {
  readonly #shared: Shared;
  readonly #workers = new Map<string, PodWorker>();
  readonly #orphans = new Turn(() => this.#removeOrphans());
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
    if (first) this.#orphans.ask();
  }

  /** A container of the pod has ended. */
  died(uid: string): void {
    this.#workers.get(uid)?.look();
  }

  lookAtAll(): void {
    for (const worker of this.#workers.values()) worker.look();
    this.#orphans.ask();
  }

  /** Ends the containers of pods the API does not have: what an earlier kubelet has left. */
  async #removeOrphans(): Promise<void> {
    const { docker, volumes } = this.#shared;
    if (this.#wanted === undefined) return;
    try {
      const orphans = new Map<string, ContainerInfo[]>();
      for (const container of await docker.containers(label.uid)) {
        const uid = container.Config.Labels[label.uid] ?? "";
        if (this.#wanted.has(uid) || this.#workers.has(uid)) continue;
        orphans.set(uid, [...(orphans.get(uid) ?? []), container]);
      }
      for (const [uid, containers] of orphans) {
        const { [label.pod]: name = uid, [label.grace]: grace = "30" } = containers[0]?.Config.Labels ?? {};
        log.info(`Killing unwanted pod "${name}"`);
        await Promise.all(containers.map(({ Id }) => docker.stop(Id, Number(grace))));
        await Promise.all(containers.map(({ Id }) => docker.remove(Id)));
        await volumes.remove(uid);
      }
    } catch (error) {
      log.error(`Failed removing orphaned pods: ${(error as Error).message}`);
    }
  }
}
