/** A kind of object the server keeps. */
export interface Resource {
  /** Plural, as in paths and messages. */
  name: string;
  kind: string;
  group: "" | "extensions";
  namespaced: boolean;
  /** Where etcd has it, below the prefix (facts/kubernetes-1.5.2.md §b). */
  folder: string;
  shortNames: string[];
  subresources: string[];
  /** Its spec is counted in metadata.generation. */
  counted: boolean;
}

/** Where one object is; the namespace is empty for what has none. */
export interface Place {
  resource: Resource;
  namespace: string;
  name: string;
}

function core(name: string, kind: string, shortNames: string[], subresources: string[] = []): Resource {
  return { name, kind, group: "", namespaced: true, folder: name, shortNames, subresources, counted: false };
}

function extension(name: string, kind: string, shortNames: string[]): Resource {
  const subresources = ["status", "scale"];
  return { ...core(name, kind, shortNames, subresources), group: "extensions", counted: true };
}

export const namespaces: Resource = {
  ...core("namespaces", "Namespace", ["ns"], ["status", "finalize"]),
  namespaced: false,
};
const nodes: Resource = {
  ...core("nodes", "Node", ["no"], ["status"]),
  namespaced: false,
  folder: "minions",
};
export const pods = core("pods", "Pod", ["po"], ["status", "binding"]);
export const services: Resource = {
  ...core("services", "Service", ["svc"], ["status"]),
  folder: "services/specs",
};
export const endpoints: Resource = {
  ...core("endpoints", "Endpoints", ["ep"]),
  folder: "services/endpoints",
};
export const events = core("events", "Event", ["ev"]);
export const secrets = core("secrets", "Secret", []);
export const serviceAccounts = core("serviceaccounts", "ServiceAccount", ["sa"]);
export const deployments = extension("deployments", "Deployment", ["deploy"]);
export const replicaSets = extension("replicasets", "ReplicaSet", ["rs"]);

/** As much of 1.5.2's API as a guestbook cluster needs. Short names are for kubectl 1.6 and later, which asks for them. */
export const resources: Resource[] = [
  namespaces,
  nodes,
  pods,
  services,
  endpoints,
  events,
  secrets,
  serviceAccounts,
  core("configmaps", "ConfigMap", ["cm"]),
  deployments,
  replicaSets,
];

/** "v1" or "extensions/v1beta1". */
export function apiVersionOf(resource: Resource): string {
  return resource.group === "" ? "v1" : "extensions/v1beta1";
}

/** As messages name it: "pods", "deployments.extensions". */
export function qualified(resource: Resource): string {
  return resource.group === "" ? resource.name : `${resource.name}.${resource.group}`;
}
