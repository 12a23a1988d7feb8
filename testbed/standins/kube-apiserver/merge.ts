import { isDeepStrictEqual } from "node:util";
import { badRequest } from "./failure.ts";

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A JSON merge patch (RFC 7386): null removes. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

/** By which field the items of a list are told apart, where Kubernetes merges lists item by item. */
function mergeKey(list: string, items: Fields[]): string | undefined {
  if (list === "ports") return items.some((item) => "containerPort" in item) ? "containerPort" : "port";
  const keys: Record<string, string> = {
    containers: "name",
    initContainers: "name",
    volumes: "name",
    env: "name",
    secrets: "name",
    imagePullSecrets: "name",
    volumeMounts: "mountPath",
    conditions: "type",
    addresses: "type",
    ownerReferences: "uid",
  };
  return keys[list];
}

/** Kubernetes' own strategic merge patch: as a merge patch, but lists of named things are merged by name. */
export function strategicPatch(target: unknown, patch: unknown, name = ""): unknown {
  if (Array.isArray(patch)) return mergeList(Array.isArray(target) ? target : [], patch, name);
  if (!isFields(patch)) return patch;
  const { $patch: directive, ...changes } = patch;
  if (directive === "replace") return changes;
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(changes)) {
    // The wanted order and the kept keys matter to nothing here.
    if (field.startsWith("$")) continue;
    if (value === null) Reflect.deleteProperty(result, field);
    else result[field] = strategicPatch(result[field], value, field);
  }
  return result;
}

function mergeList(target: unknown[], patch: unknown[], name: string): unknown[] {
  const changes = patch.filter(isFields);
  const key = mergeKey(name, changes);
  if (key === undefined || changes.length !== patch.length) return patch;
  const rest = changes.filter((change) => !(change.$patch === "replace" && Object.keys(change).length === 1));
  const result = rest.length < changes.length ? [] : target.filter(isFields);
  for (const change of rest) {
    const at = result.findIndex((item) => item[key] === change[key]);
    if (change.$patch === "delete") {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) result[at] = strategicPatch(result[at], change) as Fields;
    else result.push(change);
  }
  return result;
}

interface Operation {
  op: string;
  path: string;
  value?: unknown;
  from?: string;
}

/** A JSON patch (RFC 6902). */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest("the JSON patch is not a list of operations");
  const root = { "": structuredClone(target) };
  for (const operation of patch as Operation[]) apply(root, operation);
  return root[""];
}

const stepsOf = (path: string): string[] =>
  path.split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

function find(root: unknown, steps: string[], path: string): unknown {
  return steps.reduce((at, step) => {
    if ((!isFields(at) && !Array.isArray(at)) || !(step in at)) {
      throw badRequest(`jsonpatch: the path ${path} does not exist`);
    }
    return (at as Fields)[step];
  }, root);
}

function apply(root: unknown, { op, path, value, from }: Operation): void {
  const steps = stepsOf(path);
  const last = steps.pop() ?? "";
  const parent = find(root, steps, path) as Fields | unknown[];
  const existing = (): unknown => find(parent, [last], path);
  const moved =
    op === "move" || op === "copy" ? structuredClone(find(root, stepsOf(from ?? ""), path)) : value;
  if (op === "test") {
    if (!isDeepStrictEqual(existing(), value)) throw badRequest(`testing value ${path} failed`);
    return;
  }
  if (op === "move") apply(root, { op: "remove", path: from ?? "" });
  if (op === "remove" || op === "replace") existing();
  if (!Array.isArray(parent)) {
    if (op === "remove") Reflect.deleteProperty(parent, last);
    else parent[last] = moved;
  } else if (op === "remove") parent.splice(Number(last), 1);
  else parent.splice(last === "-" ? parent.length : Number(last), op === "replace" ? 1 : 0, moved);
}
