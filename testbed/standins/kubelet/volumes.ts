import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ApiClient } from "../common/api.ts";
import type { Secret } from "../common/objects.ts";
import type { KubeletPod } from "./pod.ts";

/** The folders that pods' containers see, under --root-dir/pods/UID/volumes. */
export class Volumes {
  readonly #api: ApiClient;
  readonly #root: string;

  constructor(api: ApiClient, root: string) {
    this.#api = api;
    this.#root = root;
  }

  /** Where each of the pod's volumes lies, filled. Throws where a secret cannot be had. */
  async prepare({ metadata, spec }: KubeletPod): Promise<Map<string, string>> {
    const places = new Map<string, string>();
    for (const { name, secret, hostPath, emptyDir } of spec.volumes ?? []) {
      if (hostPath !== undefined) {
        places.set(name, hostPath.path);
        continue;
      }
      if (secret === undefined && emptyDir === undefined) {
        throw new Error(`volume "${name}" is of a kind this stand-in does not know`);
      }
      const kind = secret === undefined ? "kubernetes.io~empty-dir" : "kubernetes.io~secret";
      const folder = join(this.#folderOf(metadata.uid), "volumes", kind, name);
      await mkdir(folder, { recursive: true });
      await chmod(folder, 0o777);
      if (secret !== undefined) await this.#fill(folder, metadata.namespace, secret);
      places.set(name, folder);
    }
    return places;
  }

  /** Removes what a pod that is gone has left. */
  async remove(uid: string): Promise<void> {
    await rm(this.#folderOf(uid), { recursive: true, force: true });
  }

  async #fill(folder: string, namespace: string, secret: { secretName: string; defaultMode?: number }) {
    const { secretName, defaultMode = 0o644 } = secret;
    const { data = {} } = await this.#api.get<Secret>(
      `/api/v1/namespaces/${namespace}/secrets/${secretName}`,
    );
    for (const [key, value] of Object.entries(data)) {
      await writeFile(join(folder, key), Buffer.from(value, "base64"), { mode: defaultMode });
    }
  }

  #folderOf(uid: string): string {
    return join(this.#root, "pods", uid);
  }
}
