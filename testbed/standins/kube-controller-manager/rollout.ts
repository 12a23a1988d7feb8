import type { Deployment, ReplicaSet } from "../common/objects.ts";

export interface Scale {
  set: ReplicaSet;
  replicas: number;
}

/** How many pods there may be too many and too few while a deployment changes. */
export function bounds({ spec }: Deployment): { maxSurge: number; maxUnavailable: number } {
  const { type, rollingUpdate } = spec.strategy ?? {};
  if (type === "Recreate") return { maxSurge: 0, maxUnavailable: 0 };
  const count = (given: number | string | undefined, round: (n: number) => number): number =>
    typeof given === "string" ? round((parseFloat(given) / 100) * spec.replicas) : (given ?? 1);
  const maxSurge = count(rollingUpdate?.maxSurge, Math.ceil);
  const maxUnavailable = count(rollingUpdate?.maxUnavailable, Math.floor);
  return { maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable };
}

/**
 * The next step of a deployment towards its newest template.
 * @returns what the replica sets there are should be scaled to, and how many a new one starts with
 */
export function nextScales(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  sets: ReplicaSet[],
): { fresh: number; changes: Scale[] } {
  const { replicas: wanted, paused = false, strategy } = deployment.spec;
  const active = sets.filter((set) => set !== newest && set.spec.replicas > 0);
  const only = active.length === 1 && newest === undefined ? active[0] : newest;
  if (active.length === 0 || paused) {
    const scaled = only !== undefined && only.spec.replicas !== wanted;
    return { fresh: wanted, changes: scaled ? [{ set: only, replicas: wanted }] : [] };
  }
  if (strategy?.type === "Recreate") return recreated(wanted, newest, active, sets);
  const { maxSurge, maxUnavailable } = bounds(deployment);
  const total = sets.reduce((sum, set) => sum + set.spec.replicas, 0);
  const current = newest?.spec.replicas ?? 0;
  const target = Math.max(current, Math.min(wanted, current + wanted + maxSurge - total));
  const changes: Scale[] = [];
  if (newest !== undefined) {
    const to = current > wanted ? wanted : target;
    if (to !== current) changes.push({ set: newest, replicas: to });
  }
  const unready = current - (newest?.status?.availableReplicas ?? 0);
  let spare = total - (wanted - maxUnavailable) - unready;
  for (const set of active) {
    const drop = Math.min(set.spec.replicas, Math.max(spare, 0));
    if (drop === 0) continue;
    spare -= drop;
    changes.push({ set, replicas: set.spec.replicas - drop });
  }
  return { fresh: target, changes };
}

/** Everything old goes before anything new comes. */
function recreated(
  wanted: number,
  newest: ReplicaSet | undefined,
  active: ReplicaSet[],
  sets: ReplicaSet[],
): { fresh: number; changes: Scale[] } {
  const gone = sets.every((set) => set === newest || (set.status?.replicas ?? 0) === 0);
  const changes = active.map((set) => ({ set, replicas: 0 }));
  if (gone && newest !== undefined && newest.spec.replicas !== wanted) {
    changes.push({ set: newest, replicas: wanted });
  }
  return { fresh: 0, changes };
}
