import { isTrue, matches, type Node, type Pod, type Service } from "../common/objects.ts";

/** Whether pods may be put on the node. */
const isUsable = ({ spec, status }: Node): boolean =>
  spec?.unschedulable !== true &&
  isTrue("Ready", status?.conditions) &&
  !isTrue("OutOfDisk", status?.conditions);

/**
 * The node for a pod: the one with the fewest pods of the same service or replica set, then with the fewest pods, then
 * the first by name. Undefined where no node is usable.
 */
export function nodeFor(pod: Pod, nodes: Node[], pods: Pod[], services: Service[]): string | undefined {
  const { namespace, labels, ownerReferences } = pod.metadata;
  const owner = ownerReferences?.find(({ controller }) => controller)?.uid;
  const selectors = services
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map(({ spec }) => spec.selector ?? {})
    .filter((selector) => Object.keys(selector).length > 0 && matches(selector, labels));
  const isKin = ({ metadata }: Pod): boolean =>
    metadata.namespace === namespace &&
    metadata.deletionTimestamp === undefined &&
    (selectors.some((selector) => matches(selector, metadata.labels)) ||
      (owner !== undefined && (metadata.ownerReferences?.some(({ uid }) => uid === owner) ?? false)));
  const ranked = nodes.filter(isUsable).map(({ metadata: { name } }) => {
    const there = pods.filter(({ spec }) => spec.nodeName === name);
    return { name, kin: there.filter(isKin).length, all: there.length };
  });
  ranked.sort(
    (one, other) => one.kin - other.kin || one.all - other.all || one.name.localeCompare(other.name),
  );
  return ranked[0]?.name;
}
