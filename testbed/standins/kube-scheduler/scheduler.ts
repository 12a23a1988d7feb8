import { ApiError, type ApiClient, type Meta } from "../common/api.ts";
import { EventRecorder } from "../common/events.ts";
import { log } from "../common/log.ts";
import { timestamp, type Node, type Pod, type Service } from "../common/objects.ts";
import { nodeFor } from "./spread.ts";

type Take<T> = (items: T[]) => unknown;

const schedulerAnnotation = "scheduler.alpha.kubernetes.io/name";

/** Puts pods that are on no node on one, whenever there are such pods and nodes for them. */
export class Scheduler {
  readonly #api: ApiClient;
  readonly #name: string;
  readonly #events: EventRecorder;
  #pods: Pod[] = [];
  #nodes: Node[] = [];
  #services: Service[] = [];
  /** Where a pod was put that is not yet heard to be there. */
  readonly #assumed = new Map<string, string>();
  readonly #seen = new Set<string>();
  #running = false;
  #again = false;

  /** @param name pods may ask for a scheduler by its name */
  constructor(api: ApiClient, name: string) {
    this.#api = api;
    this.#name = name;
    this.#events = new EventRecorder(api, name);
  }

  start(): void {
    this.#follow("pods", (pods: Pod[]) => (this.#pods = pods));
    this.#follow("nodes", (nodes: Node[]) => (this.#nodes = nodes));
    this.#follow("services", (services: Service[]) => (this.#services = services));
  }

  #follow<T extends { metadata: Meta }>(plural: string, take: Take<T>): void {
    const onItems = (items: T[]): void => {
      take(items);
      this.#seen.add(plural);
      this.#ask();
    };
    void this.#api.watch(`/api/v1/${plural}`, onItems, new AbortController().signal, (error) => {
      log.error(`Failed to list ${plural}: ${error.message}`);
    });
  }

  #ask(): void {
    this.#again = true;
    // Nothing is decided before all three were seen.
    if (!this.#running && this.#seen.size === 3) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#again) {
      this.#again = false;
      for (const uid of this.#assumed.keys()) {
        const pod = this.#pods.find(({ metadata }) => metadata.uid === uid);
        if (pod === undefined || pod.spec.nodeName) this.#assumed.delete(uid);
      }
      for (const pod of this.#pods.filter((pod) => this.#isOurs(pod))) await this.#schedule(pod);
    }
    this.#running = false;
  }

  #isOurs({ metadata, spec, status }: Pod): boolean {
    return (
      !spec.nodeName &&
      metadata.deletionTimestamp === undefined &&
      !["Succeeded", "Failed"].includes(status?.phase ?? "") &&
      !this.#assumed.has(metadata.uid ?? "") &&
      (metadata.annotations?.[schedulerAnnotation] ?? "default-scheduler") === this.#name
    );
  }

  async #schedule(pod: Pod): Promise<void> {
    const { name, namespace = "", uid = "" } = pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    const about = { kind: "Pod", metadata: pod.metadata };
    const placed = this.#pods.map((other) => {
      const nodeName = this.#assumed.get(other.metadata.uid ?? "");
      return nodeName === undefined ? other : { ...other, spec: { ...other.spec, nodeName } };
    });
    const node = nodeFor(pod, this.#nodes, placed, this.#services);
    try {
      if (node === undefined) {
        this.#events.record(about, "Warning", "FailedScheduling", "no nodes available to schedule pods");
        await this.#tellUnschedulable(path, pod);
        return;
      }
      this.#assumed.set(uid, node);
      const target = { kind: "Node", name: node };
      await this.#api.create(`${path}/binding`, { metadata: { name, namespace }, target });
      this.#events.record(about, "Normal", "Scheduled", `Successfully assigned ${name} to ${node}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#assumed.delete(uid);
      log.error(`Failed to bind pod: ${namespace}/${name}: ${error.message}`);
    }
  }

  async #tellUnschedulable(path: string, pod: Pod): Promise<void> {
    const conditions = pod.status?.conditions ?? [];
    if (conditions.some(({ type, status }) => type === "PodScheduled" && status === "False")) return;
    const condition = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      lastTransitionTime: timestamp(),
    };
    const others = conditions.filter(({ type }) => type !== "PodScheduled");
    await this.#api.patch(`${path}/status`, { status: { conditions: [...others, condition] } });
  }
}
