import { ApiError, type ApiClient } from "../common/api.ts";
import { pathOf, type KubeletPod, type PodStatus } from "./pod.ts";

const tries = 5;

/** Writes a pod's status to the API, unless the pod is not there any more or is another of the same name. Throws ApiError. */
export async function publish(api: ApiClient, pod: KubeletPod, status: PodStatus): Promise<void> {
  for (let left = tries; ; left--) {
    try {
      const current = await api.get<KubeletPod>(pathOf(pod));
      if (current.metadata.uid !== pod.metadata.uid) return;
      await api.update(`${pathOf(pod)}/status`, { ...current, status });
      return;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 404) return;
      if (error.code !== 409 || left === 0) throw error;
    }
  }
}
