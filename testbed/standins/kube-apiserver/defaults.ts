import type {
  ApiObject,
  Container,
  Deployment,
  Endpoints,
  Namespace,
  Node,
  Pod,
  PodSpec,
  ReplicaSet,
  Secret,
  Service,
} from "../common/objects.ts";

/** The tag after the last slash; an image named by digest has none. */
function tagOf(image: string): string {
  const [name = "", digest] = (image.split("/").pop() ?? "").split("@");
  return name.split(":")[1] ?? (digest === undefined ? "latest" : "");
}

const container = (given: Container): Container => ({
  ...given,
  ...(given.ports && { ports: given.ports.map((port) => ({ ...port, protocol: port.protocol ?? "TCP" })) }),
  resources: given.resources ?? {},
  terminationMessagePath: given.terminationMessagePath ?? "/dev/termination-log",
  imagePullPolicy: given.imagePullPolicy ?? (tagOf(given.image) === "latest" ? "Always" : "IfNotPresent"),
});

const podSpec = (given: PodSpec): PodSpec => ({
  ...given,
  containers: given.containers.map(container),
  restartPolicy: given.restartPolicy ?? "Always",
  terminationGracePeriodSeconds: given.terminationGracePeriodSeconds ?? 30,
  dnsPolicy: given.dnsPolicy ?? "ClusterFirst",
  securityContext: given.securityContext ?? {},
});

/** What the extensions/v1beta1 group still fills in from the template: labels, selector and one replica. */
function replicated<T extends ReplicaSet | Deployment>(given: T): T {
  const { spec } = given;
  const labels = spec.template.metadata?.labels;
  return {
    ...given,
    metadata: {
      ...given.metadata,
      ...(labels && !given.metadata.labels && { labels }),
    },
    spec: {
      ...spec,
      // Absent in what people write, whatever the type says of what is kept.
      replicas: (spec as Partial<typeof spec>).replicas ?? 1,
      selector: (spec as Partial<typeof spec>).selector ?? { matchLabels: labels ?? {} },
      template: { ...spec.template, spec: podSpec(spec.template.spec) },
    },
  };
}

function deployment(given: Deployment): Deployment {
  const full = replicated(given);
  const { type = "RollingUpdate", rollingUpdate } = full.spec.strategy ?? {};
  const strategy = {
    type,
    ...(type === "RollingUpdate" && { rollingUpdate: { maxUnavailable: 1, maxSurge: 1, ...rollingUpdate } }),
  };
  return { ...full, spec: { ...full.spec, strategy } };
}

const service = (given: Service): Service => ({
  ...given,
  spec: {
    ...given.spec,
    ...(given.spec.ports && {
      ports: given.spec.ports.map((port) => ({
        ...port,
        protocol: port.protocol ?? "TCP",
        targetPort: port.targetPort === undefined || port.targetPort === "" ? port.port : port.targetPort,
      })),
    }),
    type: given.spec.type ?? "ClusterIP",
    sessionAffinity: given.spec.sessionAffinity ?? "None",
  },
});

function secret(given: Secret): Secret {
  const { stringData = {}, ...rest } = given;
  const data = { ...given.data };
  for (const [name, text] of Object.entries(stringData)) data[name] = Buffer.from(text).toString("base64");
  return { ...rest, data, type: given.type ?? "Opaque" };
}

const byKind: Record<string, (given: never) => ApiObject> = {
  Pod: (given: Pod) => ({ ...given, spec: podSpec(given.spec) }),
  ReplicaSet: (given: ReplicaSet) => replicated(given),
  Deployment: deployment,
  Service: service,
  Secret: secret,
  Endpoints: (given: Endpoints) => ({ ...given, subsets: given.subsets ?? [] }),
  Node: (given: Node) => ({ ...given, spec: { externalID: given.metadata.name, ...given.spec } }),
  Namespace: (given: Namespace) => ({ ...given, spec: { finalizers: ["kubernetes"], ...given.spec } }),
};

/** The object with what 1.5.2 fills in where nothing is said (its pkg/api/v1/defaults.go). */
export function withDefaults(kind: string, given: ApiObject): ApiObject {
  const fill = byKind[kind] as ((given: ApiObject) => ApiObject) | undefined;
  return fill === undefined ? given : fill(given);
}

/** The status a new object starts with, whatever its maker wrote there. */
export function firstStatus(kind: string): object | undefined {
  if (kind === "Pod") return { phase: "Pending" };
  if (kind === "Namespace") return { phase: "Active" };
  if (kind === "Service") return { loadBalancer: {} };
  return kind === "ReplicaSet" ? { replicas: 0 } : kind === "Deployment" ? {} : undefined;
}
