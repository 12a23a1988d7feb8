import type { ApiClient } from "../common/api.ts";
import type { EventRecorder } from "../common/events.ts";
import { timestamp, type Condition, type Node } from "../common/objects.ts";
import type { Mirror } from "./mirror.ts";

interface Heard {
  heartbeat: string;
  /** By our own clock: nodes' clocks are not compared. */
  at: number;
}

interface Patience {
  /** Milliseconds without a heartbeat. */
  grace: number;
  /** The same, for a node that never told its condition. */
  startup: number;
}

const told = ["Ready", "OutOfDisk", "MemoryPressure", "DiskPressure"];

function silent(before: Condition | undefined, type: string): Condition {
  const now = timestamp();
  if (before === undefined) {
    const message = "Kubelet never posted node status.";
    return { type, status: "Unknown", reason: "NodeStatusNeverUpdated", message, lastTransitionTime: now };
  }
  const message = "Kubelet stopped posting node status.";
  return { ...before, status: "Unknown", reason: "NodeStatusUnknown", message, lastTransitionTime: now };
}

/** Notices nodes that fell silent (facts/kubernetes-1.5.2.md §e.4). Their pods are left as they are. */
export class NodeController {
  readonly #api: ApiClient;
  readonly #mirror: Mirror;
  readonly #events: EventRecorder;
  readonly #patience: Patience;
  readonly #heard = new Map<string, Heard>();

  constructor(api: ApiClient, mirror: Mirror, events: EventRecorder, patience: Patience) {
    this.#api = api;
    this.#mirror = mirror;
    this.#events = events;
    this.#patience = patience;
  }

  async sync(): Promise<void> {
    for (const node of this.#mirror.nodes) await this.#look(node);
  }

  async #look(node: Node): Promise<void> {
    const { name, uid = "" } = node.metadata;
    const conditions = node.status?.conditions ?? [];
    const ready = conditions.find(({ type }) => type === "Ready");
    const heartbeat = ready?.lastHeartbeatTime ?? "";
    const before = this.#heard.get(uid);
    if (before === undefined) this.#tell(name, "RegisteredNode", "Registered Node", "in NodeController");
    if (before?.heartbeat !== heartbeat) {
      this.#heard.set(uid, { heartbeat, at: Date.now() });
      return;
    }
    const { grace, startup } = this.#patience;
    if (Date.now() - before.at < (ready === undefined ? startup : grace) || ready?.status === "Unknown")
      return;
    const next = told.map((type) =>
      silent(
        conditions.find((one) => one.type === type),
        type,
      ),
    );
    const others = conditions.filter(({ type }) => !told.includes(type));
    const status = { ...node.status, conditions: [...others, ...next] };
    await this.#api.update(`/api/v1/nodes/${name}/status`, { ...node, status });
    this.#tell(name, "NodeNotReady", "Node", "status is now: NodeNotReady");
  }

  #tell(name: string, reason: string, before: string, after: string): void {
    // The real one, too, gives the node's name for its uid.
    this.#events.record(
      { kind: "Node", metadata: { name, uid: name } },
      "Normal",
      reason,
      `${before} ${name} ${after}`,
    );
  }
}
