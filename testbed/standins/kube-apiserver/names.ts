import { randomBytes, randomUUID } from "node:crypto";
import { timestamp, type ApiObject } from "../common/objects.ts";
import { badRequest, invalid, invalidValue, required, type Cause } from "./failure.ts";
import { services, type Place } from "./resources.ts";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const rules = {
  service: { pattern: "[a-z]([-a-z0-9]*[a-z0-9])?", examples: "'my-name' or 'abc-123'" },
  other: { pattern: `${label}(\\.${label})*`, examples: "'example.com'" },
};
const alphabet = "bcdfghjklmnpqrstvwxz0123456789";

const fiveRandom = (): string => [...randomBytes(5)].map((byte) => alphabet[byte % alphabet.length]).join("");

function check({ resource }: Place, name: string): Cause[] {
  if (name === "") return [required("metadata.name", "name or generateName is required")];
  const { pattern, examples } = resource === services ? rules.service : rules.other;
  if (new RegExp(`^${pattern}$`).test(name)) return [];
  return [invalidValue("metadata.name", name, `must match the regex ${pattern} (e.g. ${examples})`)];
}

/**
 * A new object's metadata: its name where it is to be generated, its place, its uid and when it was made.
 * @throws Failure for a bad name, another namespace than the path's, or a version
 */
export function named(place: Place, given: ApiObject): ApiObject {
  const { resource, namespace } = place;
  const { resourceVersion, generateName = "", ...metadata } = given.metadata;
  if (resourceVersion) throw badRequest("resourceVersion may not be set on objects to be created");
  if (resource.namespaced && metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  const name = metadata.name || (generateName && generateName + fiveRandom());
  const causes = check(place, name);
  if (resource.subresources.includes("status") && resource.namespaced && given.spec === undefined) {
    causes.push(required("spec"));
  }
  if (causes.length > 0) throw invalid(resource, name, causes);
  return {
    ...given,
    metadata: {
      ...metadata,
      name,
      ...(generateName && { generateName }),
      ...(resource.namespaced && { namespace }),
      uid: randomUUID(),
      creationTimestamp: timestamp(),
      ...(resource.counted && { generation: 1 }),
    },
  };
}
