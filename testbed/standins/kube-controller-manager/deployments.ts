import { createHash } from "node:crypto";
import { ApiError, type ApiClient } from "../common/api.ts";
import type { EventRecorder } from "../common/events.ts";
import { matches, type Deployment, type PodTemplate, type ReplicaSet } from "../common/objects.ts";
import { withCondition } from "./conditions.ts";
import type { Mirror } from "./mirror.ts";
import { bounds, nextScales, type Scale } from "./rollout.ts";
import { same } from "./same.ts";

const hashLabel = "pod-template-hash";
const group = "/apis/extensions/v1beta1/namespaces";

function withoutHash(template: PodTemplate): PodTemplate {
  const labels = { ...template.metadata?.labels };
  Reflect.deleteProperty(labels, hashLabel);
  return { ...template, metadata: { ...template.metadata, labels } };
}

const hashOf = (template: PodTemplate): string =>
  String(createHash("sha256").update(JSON.stringify(template)).digest().readUInt32BE());

/** Turns each deployment into replica sets and tells how far it is. */
export class DeploymentController {
  readonly #api: ApiClient;
  readonly #mirror: Mirror;
  readonly #events: EventRecorder;

  constructor(api: ApiClient, mirror: Mirror, events: EventRecorder) {
    this.#api = api;
    this.#mirror = mirror;
    this.#events = events;
  }

  async sync(): Promise<void> {
    for (const deployment of this.#mirror.deployments) {
      const sets = this.#setsOf(deployment);
      const template = withoutHash(deployment.spec.template);
      const newest = sets.find((set) => same(withoutHash(set.spec.template), template));
      const scales = nextScales(deployment, newest, sets);
      if (newest === undefined && deployment.spec.paused !== true) await this.#make(deployment, scales.fresh);
      for (const scale of scales.changes) await this.#scale(deployment, scale);
      await this.#report(deployment, newest, sets);
    }
  }

  #setsOf({ metadata, spec }: Deployment): ReplicaSet[] {
    const labels = spec.selector.matchLabels ?? {};
    return this.#mirror.replicaSets.filter(
      (set) => set.metadata.namespace === metadata.namespace && matches(labels, set.metadata.labels),
    );
  }

  async #make(deployment: Deployment, replicas: number): Promise<void> {
    const { name, namespace = "" } = deployment.metadata;
    const { template, selector } = deployment.spec;
    const mark = { [hashLabel]: hashOf(template) };
    const labels = { ...template.metadata?.labels, ...mark };
    const set = {
      metadata: { name: `${name}-${mark[hashLabel]}`, namespace, labels },
      spec: {
        replicas,
        selector: { ...selector, matchLabels: { ...selector.matchLabels, ...mark } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    };
    try {
      await this.#api.create(`${group}/${namespace}/replicasets`, set);
      this.#tell(deployment, "up", set.metadata.name, replicas);
    } catch (error) {
      // Made already, and not heard of yet.
      if (!(error instanceof ApiError && error.reason === "AlreadyExists")) throw error;
    }
  }

  async #scale(deployment: Deployment, { set, replicas }: Scale): Promise<void> {
    const { name, namespace = "", resourceVersion } = set.metadata;
    const change = { metadata: { resourceVersion }, spec: { replicas } };
    await this.#api.patch(`${group}/${namespace}/replicasets/${name}`, change);
    this.#tell(deployment, replicas > set.spec.replicas ? "up" : "down", name, replicas);
  }

  #tell(deployment: Deployment, direction: string, name: string, replicas: number): void {
    const message = `Scaled ${direction} replica set ${name} to ${replicas}`;
    this.#events.record({ ...deployment, kind: "Deployment" }, "Normal", "ScalingReplicaSet", message);
  }

  async #report(deployment: Deployment, newest: ReplicaSet | undefined, sets: ReplicaSet[]): Promise<void> {
    const { name, namespace = "", generation } = deployment.metadata;
    const sum = (count: (set: ReplicaSet) => number | undefined): number =>
      sets.reduce((total, set) => total + (count(set) ?? 0), 0);
    const available = sum(({ status }) => status?.availableReplicas);
    const wanted = sum(({ spec }) => spec.replicas);
    const enough = available >= deployment.spec.replicas - bounds(deployment).maxUnavailable;
    const failure = sets.flatMap(({ status }) => status?.conditions ?? []).find(isReplicaFailure);
    let conditions = withCondition(deployment.status?.conditions, "Available", {
      status: enough ? "True" : "False",
      reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
      message: `Deployment ${enough ? "has" : "does not have"} minimum availability.`,
    });
    conditions = withCondition(conditions, "ReplicaFailure", failure && tellingOf(failure));
    const counts = {
      replicas: sum(({ status }) => status?.replicas),
      updatedReplicas: newest?.status?.replicas ?? 0,
      availableReplicas: available,
      unavailableReplicas: Math.max(wanted - available, 0),
    };
    const told = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
    const status = { observedGeneration: generation, ...told, conditions };
    if (same(status, deployment.status)) return;
    await this.#api.update(`${group}/${namespace}/deployments/${name}/status`, { ...deployment, status });
  }
}

type Condition = NonNullable<NonNullable<ReplicaSet["status"]>["conditions"]>[number];

const isReplicaFailure = ({ type }: Condition): boolean => type === "ReplicaFailure";

const tellingOf = ({
  status,
  reason,
  message,
}: Condition): Pick<Condition, "status" | "reason" | "message"> => ({
  status,
  ...(reason && { reason }),
  ...(message && { message }),
});
