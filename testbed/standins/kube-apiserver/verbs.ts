import { isDeepStrictEqual } from "node:util";
import { type ApiObject, type Service } from "../common/objects.ts";
import type { Admission } from "./admission.ts";
import { firstStatus, withDefaults } from "./defaults.ts";
import { badRequest, Failure, invalid, invalidValue } from "./failure.ts";
import { jsonPatch, mergePatch, strategicPatch } from "./merge.ts";
import { named } from "./names.ts";
import { services, type Place } from "./resources.ts";
import type { ServiceAllocator } from "./services.ts";
import type { Store } from "./store.ts";

export interface Cluster {
  store: Store;
  admission: Admission;
  allocator: ServiceAllocator;
}

/** Makes an object: named, filled in, admitted, then kept. */
export async function create(cluster: Cluster, place: Place, given: ApiObject): Promise<ApiObject> {
  const { resource } = place;
  const status = firstStatus(resource.kind) ?? given.status;
  const filled = withDefaults(resource.kind, named(place, given));
  const object = await cluster.admission.create(place, { ...filled, ...(status && { status }) });
  if (resource !== services) return cluster.store.create(resource, object);
  return cluster.allocator.alone(async () =>
    cluster.store.create(resource, await cluster.allocator.complete(object as Service)),
  );
}

type Rewrite = (current: ApiObject) => ApiObject;

/** What a changed object keeps of itself: a status by one road, all the rest by the other. */
function prepared({ resource }: Place, current: ApiObject, next: ApiObject, ofStatus: boolean): ApiObject {
  const { name, namespace, uid, creationTimestamp, generation = 0, ...now } = current.metadata;
  const deleting = {
    ...(now.deletionTimestamp && { deletionTimestamp: now.deletionTimestamp }),
    ...(now.deletionGracePeriodSeconds !== undefined && {
      deletionGracePeriodSeconds: now.deletionGracePeriodSeconds,
    }),
  };
  const metadata = {
    ...next.metadata,
    ...deleting,
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
    ...(creationTimestamp && { creationTimestamp }),
  };
  if (ofStatus) return { ...next, metadata, ...(current.spec && { spec: current.spec }) };
  const hasStatus = resource.subresources.includes("status");
  const changed = resource.counted && !isDeepStrictEqual(current.spec, next.spec);
  return {
    ...next,
    metadata: { ...metadata, ...(resource.counted && { generation: generation + (changed ? 1 : 0) }) },
    ...(hasStatus && current.status && { status: current.status }),
  };
}

/** @param ofStatus it is the object's status that is changed, and nothing else of it */
export async function rewrite(
  cluster: Cluster,
  place: Place,
  how: Rewrite,
  ofStatus = false,
): Promise<ApiObject> {
  const { resource, name } = place;
  const change = async (current: ApiObject): Promise<ApiObject> => {
    const given = how(current);
    if ((given.metadata.uid ?? current.metadata.uid) !== current.metadata.uid) {
      const why = "field is immutable";
      throw invalid(resource, name, [invalidValue("metadata.uid", given.metadata.uid, why)]);
    }
    const next = prepared(place, current, withDefaults(resource.kind, given), ofStatus);
    if (resource !== services || ofStatus) return next;
    return cluster.allocator.complete(next as Service, current as Service);
  };
  const work = (): Promise<ApiObject> => cluster.store.modify(place, change);
  return resource === services ? cluster.allocator.alone(work) : work();
}

const patches: Record<string, (target: unknown, patch: unknown) => unknown> = {
  "application/merge-patch+json": mergePatch,
  "application/strategic-merge-patch+json": strategicPatch,
  "application/json-patch+json": jsonPatch,
};

/** How an object changes by a patch of this content type. @throws Failure 415 for another type */
export function patching(contentType: string, patch: unknown): Rewrite {
  const apply = patches[contentType];
  if (apply === undefined) {
    const accepted = Object.keys(patches).join(", ");
    const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
    throw new Failure(415, "UnsupportedMediaType", message);
  }
  return (current) => apply(current, patch) as ApiObject;
}

/** How an object changes by being replaced. */
export function replacing({ name }: Place, object: ApiObject): Rewrite {
  if (object.metadata.name !== name) {
    throw badRequest(
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  return () => object;
}
