import {
  matches,
  timestamp,
  type ApiObject,
  type Namespace,
  type Pod,
  type ReplicaSet,
} from "../common/objects.ts";
import { conflict, Failure } from "./failure.ts";
import { deployments, endpoints, namespaces, pods, replicaSets, services, type Place } from "./resources.ts";
import type { Cluster } from "./verbs.ts";

/** DeleteOptions, of 1.5 and of later clients. */
export interface DeleteOptions {
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string };
  orphanDependents?: boolean;
  propagationPolicy?: string;
}

/** @returns the object where it stays for a while, undefined where it is gone */
export async function remove(
  cluster: Cluster,
  place: Place,
  options: DeleteOptions,
): Promise<ApiObject | undefined> {
  const { resource, namespace, name } = place;
  const { store } = cluster;
  cluster.admission.remove(place);
  const object = await store.get(place);
  const { uid = object.metadata.uid } = options.preconditions ?? {};
  if (uid !== object.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${String(uid)}, UID in object meta: ${String(object.metadata.uid)}`;
    throw conflict(resource, name, why);
  }
  if (resource === pods) return removePod(cluster, place, object as Pod, options);
  const { spec }: Namespace = object;
  if (resource === namespaces && spec?.finalizers?.length) {
    return store.modify(place, (current) => ({
      ...current,
      metadata: { ...current.metadata, deletionTimestamp: current.metadata.deletionTimestamp ?? timestamp() },
      status: { phase: "Terminating" },
    }));
  }
  await store.remove(place);
  if (resource === services) await ignoringGone(store.remove({ resource: endpoints, namespace, name }));
  if (resource === deployments || resource === replicaSets) {
    await removeDependents(cluster, place, object as ReplicaSet, options);
  }
  return undefined;
}

/** A pod on a node is given time: the node's kubelet removes it for good. */
async function removePod(
  { store }: Cluster,
  place: Place,
  pod: Pod,
  options: DeleteOptions,
): Promise<ApiObject | undefined> {
  const over = !pod.spec.nodeName || ["Failed", "Succeeded"].includes(pod.status?.phase ?? "");
  const wanted = options.gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  if (over || wanted === 0) {
    await store.remove(place);
    return undefined;
  }
  return store.modify(place, (current) => {
    const { deletionGracePeriodSeconds: already = Infinity } = current.metadata;
    if (already <= wanted) return current;
    const end = timestamp(new Date(Date.now() + wanted * 1000));
    return {
      ...current,
      metadata: { ...current.metadata, deletionTimestamp: end, deletionGracePeriodSeconds: wanted },
    };
  });
}

/**
 * 1.5.2 itself leaves what a deployment or a replica set made: its own kubectl takes that away first, later ones ask the
 * server to. Asked so, the server does what the former would have done; else the rest is left, as by 1.5.2.
 */
async function removeDependents(
  cluster: Cluster,
  { resource, namespace }: Place,
  owner: ReplicaSet,
  options: DeleteOptions,
): Promise<void> {
  const { propagationPolicy, orphanDependents } = options;
  const cascading = propagationPolicy === "Background" || propagationPolicy === "Foreground";
  if (!cascading && orphanDependents !== false) return;
  const made = resource === deployments ? replicaSets : pods;
  const { items } = await cluster.store.list(made, namespace);
  for (const { metadata } of items) {
    if (!matches(owner.spec.selector.matchLabels ?? {}, metadata.labels)) continue;
    const place = { resource: made, namespace, name: metadata.name };
    await ignoringGone(
      remove(cluster, place, { ...(cascading ? { propagationPolicy } : { orphanDependents: false }) }),
    );
  }
}

async function ignoringGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Failure && error.code === 404)) throw error;
  }
}
