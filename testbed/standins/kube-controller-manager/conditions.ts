import { timestamp, type Condition } from "../common/objects.ts";

type Told = Pick<Condition, "status" | "reason" | "message">;

/** The conditions with one of them set, or taken away; its transition time moves only with its status. */
export function withCondition(
  conditions: Condition[] | undefined,
  type: string,
  told: Told | undefined,
): Condition[] {
  const others = (conditions ?? []).filter((condition) => condition.type !== type);
  if (told === undefined) return others;
  const before = conditions?.find((condition) => condition.type === type);
  const same = before?.status === told.status;
  if (same && before.reason === told.reason && before.message === told.message) return conditions ?? [];
  const now = timestamp();
  const since = same ? before.lastTransitionTime : undefined;
  return [...others, { ...before, type, ...told, lastTransitionTime: since ?? now }];
}
