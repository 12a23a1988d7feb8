import type { Endpoints, Service } from "../common/objects.ts";
import { Failure } from "./failure.ts";
import { endpoints, namespaces, services, type Resource } from "./resources.ts";
import type { Settings } from "./settings.ts";
import { create, rewrite, type Cluster } from "./verbs.ts";

const namespace = "default";
const name = "kubernetes";

async function unlessThere(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Failure && error.reason === "AlreadyExists") return false;
    throw error;
  }
}

/** Makes what every cluster has: two namespaces and the `kubernetes` service with this server as its endpoint. */
export async function bootstrap(cluster: Cluster, settings: Settings): Promise<void> {
  const place = (resource: Resource) => ({ resource, namespace, name });
  await cluster.store.list(services);
  for (const known of [namespace, "kube-system"]) {
    const made = { metadata: { name: known } };
    await unlessThere(create(cluster, { resource: namespaces, namespace: "", name: "" }, made));
  }
  const service: Service = {
    metadata: { name, namespace, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: 443 }],
      clusterIP: settings.addresses.first(),
      type: "ClusterIP",
      sessionAffinity: "ClientIP",
    },
  };
  await unlessThere(create(cluster, place(services), service));
  const subsets = [
    {
      addresses: [{ ip: settings.publicAddress }],
      ports: [{ name: "https", port: settings.secure.port, protocol: "TCP" }],
    },
  ];
  const own: Endpoints = { metadata: { name, namespace }, subsets };
  if (!(await unlessThere(create(cluster, place(endpoints), own)))) {
    await rewrite(cluster, place(endpoints), (current) => ({ ...current, subsets }) as Endpoints);
  }
}
