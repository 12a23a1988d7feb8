import { timestamp, type ApiObject, type Namespace, type Pod, type ReplicaSet } from "../common/objects.ts";
import { badRequest, conflict } from "./failure.ts";
import { pods, type Place } from "./resources.ts";
import { rewrite, type Cluster } from "./verbs.ts";

/** Binds a pod to a node, once. */
export async function bind(
  cluster: Cluster,
  place: Place,
  binding: { target?: { name?: string } },
): Promise<void> {
  const { name: nodeName } = binding.target ?? {};
  if (!nodeName) throw badRequest("Binding.target.name: Required value");
  await cluster.store.modify(place, (current) => {
    const pod = current as Pod;
    const refuse = (why: string): never => {
      throw conflict({ ...pods, name: "pods/binding" }, place.name, why);
    };
    if (pod.spec.nodeName) refuse(`pod ${place.name} is already assigned to node "${pod.spec.nodeName}"`);
    if (pod.metadata.deletionTimestamp)
      refuse(`pod ${place.name} is being deleted, cannot be assigned to a host`);
    const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
    const scheduled = { type: "PodScheduled", status: "True" as const, lastTransitionTime: timestamp() };
    return {
      ...pod,
      spec: { ...pod.spec, nodeName },
      status: { ...pod.status, conditions: [...others, scheduled] },
    };
  });
}

interface Scale extends ApiObject {
  spec: { replicas?: number };
}

/** The scale of a deployment or a replica set, as extensions/v1beta1 shows it. */
export function scaleOf(object: ApiObject): Scale {
  const { metadata, spec, status } = object as ReplicaSet;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const labels = spec.selector.matchLabels ?? {};
  return {
    kind: "Scale",
    apiVersion: "extensions/v1beta1",
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
      ...(creationTimestamp && { creationTimestamp }),
    },
    spec: { replicas: spec.replicas },
    status: {
      replicas: status?.replicas ?? 0,
      selector: labels,
      targetSelector: Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(","),
    },
  };
}

/** Changes the number of replicas by a change of the scale. */
export async function rescale(
  cluster: Cluster,
  place: Place,
  how: (scale: ApiObject) => ApiObject,
): Promise<ApiObject> {
  const changed = await rewrite(cluster, place, (current) => {
    const { spec } = how(scaleOf(current)) as Scale;
    return { ...current, spec: { ...current.spec, replicas: spec.replicas ?? 0 } };
  });
  return scaleOf(changed);
}

/** Takes a namespace's finalizers away; an emptied namespace that is to go goes with the last one. */
export async function finalize(cluster: Cluster, place: Place, given: Namespace): Promise<ApiObject> {
  const finalizers = given.spec?.finalizers ?? [];
  const namespace = await cluster.store.modify(place, (current) => ({ ...current, spec: { finalizers } }));
  if (finalizers.length === 0 && namespace.metadata.deletionTimestamp) await cluster.store.remove(place);
  return namespace;
}
