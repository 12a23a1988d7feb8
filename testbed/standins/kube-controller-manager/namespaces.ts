import type { ApiClient } from "../common/api.ts";
import type { Mirror } from "./mirror.ts";

const core = ["services", "pods", "endpoints", "serviceaccounts", "secrets", "configmaps", "events"];

/** Empties namespaces that are to go, and lets them go. */
export class NamespaceController {
  readonly #api: ApiClient;
  readonly #mirror: Mirror;

  constructor(api: ApiClient, mirror: Mirror) {
    this.#api = api;
    this.#mirror = mirror;
  }

  async sync(): Promise<void> {
    for (const { metadata, status } of this.#mirror.namespaces) {
      if (status?.phase === "Terminating") await this.#empty(metadata.name);
    }
  }

  async #empty(name: string): Promise<void> {
    for (const plural of ["deployments", "replicasets"]) {
      await this.#api.remove(`/apis/extensions/v1beta1/namespaces/${name}/${plural}`);
    }
    for (const plural of core) await this.#api.remove(`/api/v1/namespaces/${name}/${plural}`);
    // Pods take their time on their nodes; their going asks again.
    if ((await this.#api.list(`/api/v1/namespaces/${name}/pods`)).length > 0) return;
    await this.#api.update(`/api/v1/namespaces/${name}/finalize`, {
      metadata: { name },
      spec: { finalizers: [] },
    });
  }
}
