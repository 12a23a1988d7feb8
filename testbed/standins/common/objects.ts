import type { Meta } from "./api.ts";

/** Any object of the API; what it carries beyond these is kept as it came. */
export interface ApiObject {
  kind?: string;
  apiVersion?: string;
  metadata: Meta;
  spec?: object;
  status?: object;
}

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastHeartbeatTime?: string;
  lastUpdateTime?: string;
}

export interface Container {
  name: string;
  image: string;
  imagePullPolicy?: string;
  terminationMessagePath?: string;
  resources?: object;
  ports?: { name?: string; containerPort: number; protocol?: string }[];
  volumeMounts?: { name: string; readOnly?: boolean; mountPath: string }[];
  securityContext?: { runAsUser?: number; seLinuxOptions?: object };
}

export interface PodSpec {
  containers: Container[];
  nodeName?: string;
  restartPolicy?: string;
  dnsPolicy?: string;
  terminationGracePeriodSeconds?: number;
  serviceAccountName?: string;
  serviceAccount?: string;
  volumes?: { name: string; secret?: { secretName: string; defaultMode?: number } }[];
  securityContext?: {
    runAsUser?: number;
    seLinuxOptions?: object;
    supplementalGroups?: number[];
    fsGroup?: number;
  };
}

export interface Pod extends ApiObject {
  spec: PodSpec;
  status?: { phase?: string; podIP?: string; conditions?: Condition[] };
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string> };
  spec: PodSpec;
}

interface Selector {
  matchLabels?: Record<string, string>;
}

interface Replicated {
  replicas: number;
  selector: Selector;
  template: PodTemplate;
}

export interface ReplicaSet extends ApiObject {
  spec: Replicated;
  status?: {
    replicas: number;
    fullyLabeledReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    observedGeneration?: number;
    conditions?: Condition[];
  };
}

export interface Deployment extends ApiObject {
  spec: Replicated & {
    paused?: boolean;
    strategy?: {
      type?: string;
      rollingUpdate?: { maxUnavailable?: number | string; maxSurge?: number | string };
    };
  };
  status?: { replicas?: number; observedGeneration?: number; conditions?: Condition[] };
}

export interface ServicePort {
  name?: string;
  protocol?: string;
  port: number;
  targetPort?: number | string;
  nodePort?: number;
}

export interface Service extends ApiObject {
  spec: {
    type?: string;
    clusterIP?: string;
    sessionAffinity?: string;
    selector?: Record<string, string>;
    ports?: ServicePort[];
  };
}

export interface EndpointAddress {
  ip: string;
  nodeName?: string;
  targetRef?: object;
}

export interface Subset {
  addresses?: EndpointAddress[];
  notReadyAddresses?: EndpointAddress[];
  ports: { name?: string; port: number; protocol: string }[];
}

export interface Endpoints extends ApiObject {
  subsets?: Subset[];
}

export interface Node extends ApiObject {
  spec?: { externalID?: string; unschedulable?: boolean };
  status?: { conditions?: Condition[]; capacity?: object; allocatable?: object };
}

export interface Namespace extends ApiObject {
  spec?: { finalizers?: string[] };
  status?: { phase?: string };
}

export interface ServiceAccount extends ApiObject {
  secrets?: { name: string }[];
}

export interface Secret extends ApiObject {
  type?: string;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}

/** Whether every wanted label is there with its value. */
export function matches(wanted: Record<string, string>, labels: Record<string, string> | undefined): boolean {
  return Object.entries(wanted).every(([name, value]) => labels?.[name] === value);
}

/** The condition's status is True. */
export function isTrue(type: string, conditions: Condition[] | undefined): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
}

/** The API's form of a moment: whole seconds, UTC. */
export function timestamp(when = new Date()): string {
  return when.toISOString().replace(/\.\d+Z$/, "Z");
}
