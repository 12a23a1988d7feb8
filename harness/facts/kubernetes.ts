import { z } from "zod";
import { factOf, type Fact, type Observation } from "./fact.ts";
import { bodyOf, curl } from "./http.ts";

/** Where the API is kept, by kind, in the default namespace (Kubernetes 1.5: deployments are extensions/v1beta1). */
const paths = {
  nodes: "/api/v1/nodes",
  componentstatuses: "/api/v1/componentstatuses",
  pods: "/api/v1/namespaces/default/pods",
  services: "/api/v1/namespaces/default/services",
  endpoints: "/api/v1/namespaces/default/endpoints",
  deployments: "/apis/extensions/v1beta1/namespaces/default/deployments",
  replicasets: "/apis/extensions/v1beta1/namespaces/default/replicasets",
} as const;
export type Kind = keyof typeof paths;

/** The path of a kind's list, or of one object. */
export const apiPath = (kind: Kind, name?: string): string =>
  name === undefined ? paths[kind] : `${paths[kind]}/${name}`;

const metadata = z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) });
const named = z.object({ metadata });

/** The items of a list as the API gives them; Go writes an empty list as null. */
const list =
  <T>(kind: Kind, item: z.ZodType<T>) =>
  (_: string, seen: Observation): T[] => {
    const body: unknown = JSON.parse(bodyOf(`${seen.args[0] ?? ""}${paths[kind]}`, seen));
    return z.object({ items: z.array(item).nullable() }).parse(body).items ?? [];
  };

const objects = <T>(kind: Kind, item: z.ZodType<T>): Fact<T[], [api: string]> =>
  factOf(kind, (api) => curl(`${api}${paths[kind]}`), list(kind, item));

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(""),
  message: z.string().default(""),
  error: z.string().default(""),
  lastHeartbeatTime: z.string().nullish(),
});

/** A kubelet's node, with what it says of itself. */
const node = z
  .object({
    metadata,
    status: z.object({
      conditions: z.array(condition).nullish(),
      addresses: z.array(z.object({ type: z.string(), address: z.string() })).nullish(),
    }),
  })
  .transform(({ metadata: { name }, status }) => {
    const ready = status.conditions?.find(({ type }) => type === "Ready");
    return {
      name,
      ready: ready?.status === "True",
      /** Why it is or is not: "KubeletReady", "NodeStatusUnknown: Kubelet stopped posting node status." */
      why: [ready?.reason, ready?.message].filter((text) => text !== undefined && text !== "").join(": "),
      addresses: (status.addresses ?? [])
        .filter(({ type }) => type !== "Hostname")
        .map(({ address }) => address),
      heartbeat: Date.parse(ready?.lastHeartbeatTime ?? ""),
    };
  });

/** The kubelets' nodes. A node stays Ready for a while after its kubelet was last heard of: hence `heartbeatAge`. */
export const nodes = factOf(
  "nodes",
  (api: string) => curl(`${api}${paths.nodes}`),
  (stdout, seen) =>
    list("nodes", node)(stdout, seen).map(({ heartbeat, ...known }) => ({
      ...known,
      /** Seconds since the kubelet was last heard of; not a number where it never was. */
      heartbeatAge: (Date.parse(seen.at) - heartbeat) / 1000,
    })),
);

/** What the API server thinks of scheduler, controller-manager and etcd. */
export const componentStatuses = objects(
  "componentstatuses",
  z
    .object({ metadata, conditions: z.array(condition).nullish() })
    .transform(({ metadata: { name }, conditions }) => {
      const healthy = conditions?.find(({ type }) => type === "Healthy");
      const why = healthy?.error === "" ? healthy.message : healthy?.error;
      return { name, healthy: healthy?.status === "True", why: why ?? "no condition" };
    }),
);

const waiting = z.object({ waiting: z.object({ reason: z.string().default("") }).optional() });

export const pods = objects(
  "pods",
  z
    .object({
      metadata,
      spec: z.object({ nodeName: z.string().optional() }),
      status: z.object({
        phase: z.string().default("Unknown"),
        podIP: z.string().optional(),
        conditions: z.array(condition).nullish(),
        containerStatuses: z
          .array(z.object({ restartCount: z.number().default(0), state: waiting.default({}) }))
          .nullish(),
      }),
    })
    .transform(({ metadata: { name, labels }, spec, status }) => ({
      name,
      labels,
      node: spec.nodeName,
      ip: status.podIP,
      phase: status.phase,
      ready:
        status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false,
      restarts: (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
      /** Why a container does not run yet: "ContainerCreating", "ImagePullBackOff"…; empty where all run. */
      waiting:
        status.containerStatuses?.find(({ state }) => state.waiting !== undefined)?.state.waiting?.reason ??
        "",
    })),
);
export type Pod = ReturnType<(typeof pods)["parse"]>[number];

const servicePort = z
  .object({
    port: z.number(),
    /** A pod's port, by number or by the name a container gives it; the service's own where it is left out. */
    targetPort: z.union([z.number(), z.string()]).optional(),
    nodePort: z.number().optional(),
  })
  .transform(({ port, targetPort, nodePort }) => ({ port, targetPort: targetPort ?? port, nodePort }));

export const services = objects(
  "services",
  z
    .object({
      metadata,
      spec: z.object({
        type: z.string(),
        clusterIP: z.string().default(""),
        selector: z.record(z.string(), z.string()).nullish(),
        ports: z.array(servicePort).nullish(),
      }),
    })
    .transform(({ metadata: { name }, spec }) => ({
      name,
      type: spec.type,
      clusterIp: spec.clusterIP,
      /** The labels of the pods it leads to; none where its endpoints are written by something else. */
      selector: spec.selector ?? {},
      ports: (spec.ports ?? []).map(({ port, targetPort }) => ({ port, targetPort })),
      nodePorts: (spec.ports ?? []).flatMap(({ nodePort }) =>
        nodePort === undefined || nodePort === 0 ? [] : [nodePort],
      ),
    })),
);

/** The ready addresses behind each service, and the ports there. */
export const endpoints = objects(
  "endpoints",
  z
    .object({
      metadata,
      subsets: z
        .array(
          z.object({
            addresses: z.array(z.object({ ip: z.string() })).nullish(),
            ports: z.array(z.object({ port: z.number() })).nullish(),
          }),
        )
        .nullish(),
    })
    .transform(({ metadata: { name }, subsets }) => ({
      name,
      addresses: (subsets ?? []).flatMap(({ addresses }) => addresses ?? []).map(({ ip }) => ip),
      ports: [...new Set((subsets ?? []).flatMap(({ ports }) => ports ?? []).map(({ port }) => port))],
    })),
);

export const deployments = objects(
  "deployments",
  named.transform(({ metadata: { name } }) => ({ name })),
);
export const replicaSets = objects(
  "replicasets",
  named.transform(({ metadata: { name, labels } }) => ({ name, labels })),
);
