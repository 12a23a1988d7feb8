import type { ApiObject, Endpoints, Service } from "../common/objects.ts";
import { Failure } from "./failure.ts";
import { endpoints, namespaces, services, type Place, type Resource } from "./resources.ts";
import type { Settings } from "./settings.ts";
import { create, rewrite, type Cluster } from "./verbs.ts";

const namespace = "default";
const name = "kubernetes";

/** @returns whether it had to be made */
async function ensure(cluster: Cluster, place: Place, object: ApiObject): Promise<boolean> {
  try {
    await cluster.store.get(place);
    return false;
  } catch (error) {
    if (!(error instanceof Failure && error.code === 404)) throw error;
  }
  await create(cluster, place, object);
  return true;
}

/** Makes what every cluster has: two namespaces and the `kubernetes` service with this server as its endpoint. */
export async function bootstrap(cluster: Cluster, settings: Settings): Promise<void> {
  const place = (resource: Resource): Place => ({ resource, namespace, name });
  for (const known of [namespace, "kube-system"]) {
    const there = { resource: namespaces, namespace: "", name: known };
    await ensure(cluster, there, { metadata: { name: known } });
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
  await ensure(cluster, place(services), service);
  const subsets = [
    {
      addresses: [{ ip: settings.publicAddress }],
      ports: [{ name: "https", port: settings.secure.port, protocol: "TCP" }],
    },
  ];
  const own: Endpoints = { metadata: { name, namespace }, subsets };
  if (!(await ensure(cluster, place(endpoints), own))) {
    await rewrite(cluster, place(endpoints), (current) => ({ ...current, subsets }) as Endpoints);
  }
}
