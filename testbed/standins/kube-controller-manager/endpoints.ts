import { ApiError, type ApiClient } from "../common/api.ts";
import {
  isTrue,
  matches,
  type EndpointAddress,
  type Pod,
  type Service,
  type ServicePort,
  type Subset,
} from "../common/objects.ts";
import type { Mirror } from "./mirror.ts";
import { isActive } from "./replicasets.ts";
import { same } from "./same.ts";

/** A service's port as one of its pods has it; undefined where the pod has no port of that name. */
function portOf(
  { name, protocol = "TCP", port, targetPort }: ServicePort,
  pod: Pod,
): Subset["ports"][number] | undefined {
  const number =
    typeof targetPort === "string"
      ? pod.spec.containers.flatMap(({ ports = [] }) => ports).find((one) => one.name === targetPort)
          ?.containerPort
      : (targetPort ?? port);
  return number === undefined ? undefined : { ...(name && { name }), port: number, protocol };
}

function addressOf({ metadata, spec, status }: Pod): EndpointAddress {
  const { namespace, name, uid } = metadata;
  return {
    ip: status?.podIP ?? "",
    ...(spec.nodeName && { nodeName: spec.nodeName }),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
}

/** The pods behind a service, those that are ready apart from the others. */
function subsetsOf({ spec }: Service, pods: Pod[]): Subset[] {
  const byPorts = new Map<string, Subset>();
  for (const pod of [...pods].sort((one, other) =>
    (one.status?.podIP ?? "").localeCompare(other.status?.podIP ?? ""),
  )) {
    const ports = (spec.ports ?? []).flatMap((port) => portOf(port, pod) ?? []);
    if (ports.length === 0) continue;
    const key = JSON.stringify(ports);
    const subset: Subset = byPorts.get(key) ?? { ports };
    byPorts.set(key, subset);
    const list = isTrue("Ready", pod.status?.conditions) ? "addresses" : "notReadyAddresses";
    subset[list] = [...(subset[list] ?? []), addressOf(pod)];
  }
  return [...byPorts.values()];
}

/** Keeps the endpoints of every service that selects pods. */
export class EndpointsController {
  readonly #api: ApiClient;
  readonly #mirror: Mirror;

  constructor(api: ApiClient, mirror: Mirror) {
    this.#api = api;
    this.#mirror = mirror;
  }

  async sync(): Promise<void> {
    for (const service of this.#mirror.services) {
      if (Object.keys(service.spec.selector ?? {}).length > 0) await this.#keep(service);
    }
  }

  async #keep(service: Service): Promise<void> {
    const { name, namespace = "", labels } = service.metadata;
    const pods = this.#mirror.pods.filter(
      (pod) =>
        pod.metadata.namespace === namespace &&
        isActive(pod) &&
        pod.status?.podIP &&
        matches(service.spec.selector ?? {}, pod.metadata.labels),
    );
    const subsets = subsetsOf(service, pods);
    const current = this.#mirror.endpoints.find(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    );
    const folder = `/api/v1/namespaces/${namespace}/endpoints`;
    if (current !== undefined) {
      if (same(current.subsets ?? [], subsets) && same(current.metadata.labels ?? {}, labels ?? {})) return;
      const metadata = { ...current.metadata, ...(labels && { labels }) };
      await this.#api.update(`${folder}/${name}`, { ...current, metadata, subsets });
      return;
    }
    try {
      await this.#api.create(folder, { metadata: { name, namespace, ...(labels && { labels }) }, subsets });
    } catch (error) {
      // Made already, and not heard of yet.
      if (!(error instanceof ApiError && error.reason === "AlreadyExists")) throw error;
    }
  }
}
