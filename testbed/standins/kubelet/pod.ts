import type { Meta } from "../common/api.ts";
import type { ApiObject, Condition, Container, PodSpec } from "../common/objects.ts";

interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: { fieldRef?: { fieldPath: string } };
}

/** A container as the kubelet reads it. */
export interface KubeletContainer extends Container {
  command?: string[];
  args?: string[];
  workingDir?: string;
  env?: EnvVar[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
}

interface Volume {
  name: string;
  secret?: { secretName: string; defaultMode?: number };
  emptyDir?: object;
  hostPath?: { path: string };
}

/** A pod as the kubelet reads it; the API gives it a uid and a namespace. */
export interface KubeletPod extends ApiObject {
  metadata: Meta & { uid: string; namespace: string };
  spec: PodSpec & { containers: KubeletContainer[]; volumes?: Volume[]; hostNetwork?: boolean };
  status?: PodStatus;
}

/** One of the three, as the API has it. */
export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: {
    exitCode: number;
    reason: string;
    startedAt: string;
    finishedAt: string;
    containerID: string;
  };
}

export interface ContainerStatus {
  name: string;
  state: ContainerState;
  lastState: ContainerState;
  ready: boolean;
  restartCount: number;
  image: string;
  imageID: string;
  containerID?: string;
}

export interface PodStatus {
  phase?: string;
  conditions?: Condition[];
  hostIP?: string;
  podIP?: string;
  startTime?: string;
  containerStatuses?: ContainerStatus[];
}

/** The labels by which a container is known again after a restart of the kubelet. */
export const label = {
  pod: "io.kubernetes.pod.name",
  namespace: "io.kubernetes.pod.namespace",
  uid: "io.kubernetes.pod.uid",
  grace: "io.kubernetes.pod.terminationGracePeriod",
  container: "io.kubernetes.container.name",
  hash: "io.kubernetes.container.hash",
  restarts: "io.kubernetes.container.restartCount",
} as const;

/** The name of the container that holds a pod's network. */
export const infraName = "POD";

export const pathOf = ({ metadata }: KubeletPod): string =>
  `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;

/** How the kubelet names a pod in its log: NAME_NAMESPACE(UID). */
export const titleOf = ({ metadata }: KubeletPod): string =>
  `${metadata.name}_${metadata.namespace}(${metadata.uid})`;

/** Seconds its containers have to end. */
export const graceOf = ({ metadata, spec }: KubeletPod): number =>
  metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
