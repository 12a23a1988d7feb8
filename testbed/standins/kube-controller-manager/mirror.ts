import type { ApiClient, Meta } from "../common/api.ts";
import { log } from "../common/log.ts";
import type {
  Deployment,
  Endpoints,
  Namespace,
  Node,
  Pod,
  ReplicaSet,
  Secret,
  Service,
  ServiceAccount,
} from "../common/objects.ts";

/** The cluster as last heard of. */
export interface Mirror {
  namespaces: Namespace[];
  accounts: ServiceAccount[];
  secrets: Secret[];
  deployments: Deployment[];
  replicaSets: ReplicaSet[];
  pods: Pod[];
  services: Service[];
  endpoints: Endpoints[];
  nodes: Node[];
}

export type Part = keyof Mirror;

const paths: Record<Part, string> = {
  namespaces: "/api/v1/namespaces",
  accounts: "/api/v1/serviceaccounts",
  secrets: "/api/v1/secrets",
  deployments: "/apis/extensions/v1beta1/deployments",
  replicaSets: "/apis/extensions/v1beta1/replicasets",
  pods: "/api/v1/pods",
  services: "/api/v1/services",
  endpoints: "/api/v1/endpoints",
  nodes: "/api/v1/nodes",
};

/** Keeps a mirror of the cluster from now on; resolves once it has seen all of it. */
export async function follow(api: ApiClient, onChange: (part: Part) => void): Promise<Mirror> {
  const mirror: Mirror = {
    namespaces: [],
    accounts: [],
    secrets: [],
    deployments: [],
    replicaSets: [],
    pods: [],
    services: [],
    endpoints: [],
    nodes: [],
  };
  const { signal } = new AbortController();
  const followPart = (part: Part): Promise<void> =>
    new Promise((seen) => {
      const take = (items: { metadata: Meta }[]): void => {
        Object.assign(mirror, { [part]: items });
        onChange(part);
        seen();
      };
      void api.watch(paths[part], take, signal, (error) => {
        log.error(`Failed to list ${part}: ${error.message}`);
      });
    });
  await Promise.all((Object.keys(paths) as Part[]).map(followPart));
  return mirror;
}
