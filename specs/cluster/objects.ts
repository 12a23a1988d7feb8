import type { Shape } from "../../harness/settings/cluster.ts";

/** The fields of objects of Kubernetes 1.5 that templates use, with the values the API takes. */
const metadata: Shape = {
  name: "text",
  namespace: "text",
  generateName: "text",
  labels: "texts",
  annotations: "texts",
};

const selector: Shape = { matchLabels: "texts", matchExpressions: "any" };

const quantities: Shape = { cpu: "any", memory: "any", "alpha.kubernetes.io/nvidia-gpu": "any" };

const container: Shape = {
  name: "text",
  image: "text",
  command: "any",
  args: "any",
  workingDir: "text",
  ports: { name: "text", hostPort: "port", containerPort: "port", protocol: ["TCP", "UDP"], hostIP: "text" },
  env: { name: "text", value: "text", valueFrom: "any" },
  resources: { limits: quantities, requests: quantities },
  volumeMounts: { name: "text", readOnly: ["true", "false"], mountPath: "text", subPath: "text" },
  livenessProbe: "any",
  readinessProbe: "any",
  lifecycle: "any",
  terminationMessagePath: "text",
  imagePullPolicy: ["Always", "Never", "IfNotPresent"],
  securityContext: "any",
  stdin: ["true", "false"],
  stdinOnce: ["true", "false"],
  tty: ["true", "false"],
};

const podSpec: Shape = {
  volumes: "any",
  containers: container,
  restartPolicy: ["Always", "OnFailure", "Never"],
  terminationGracePeriodSeconds: "number",
  activeDeadlineSeconds: "number",
  dnsPolicy: ["ClusterFirst", "Default"],
  nodeSelector: "texts",
  serviceAccountName: "text",
  serviceAccount: "text",
  nodeName: "text",
  hostNetwork: ["true", "false"],
  hostPID: ["true", "false"],
  hostIPC: ["true", "false"],
  securityContext: "any",
  imagePullSecrets: "any",
  hostname: "text",
  subdomain: "text",
};

const template: Shape = { metadata, spec: podSpec };

export const objects: Readonly<Record<string, Shape>> = {
  Service: {
    apiVersion: ["v1"],
    kind: "text",
    metadata,
    spec: {
      ports: { name: "text", protocol: ["TCP", "UDP"], port: "port", targetPort: "any", nodePort: "port" },
      selector: "texts",
      clusterIP: "text",
      type: ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"],
      externalIPs: "any",
      deprecatedPublicIPs: "any",
      sessionAffinity: ["None", "ClientIP"],
      loadBalancerIP: "text",
      loadBalancerSourceRanges: "any",
      externalName: "text",
    },
  },
  Deployment: {
    apiVersion: ["extensions/v1beta1"],
    kind: "text",
    metadata,
    spec: {
      replicas: "number",
      selector,
      template,
      strategy: {
        type: ["Recreate", "RollingUpdate"],
        rollingUpdate: { maxUnavailable: "any", maxSurge: "any" },
      },
      minReadySeconds: "number",
      revisionHistoryLimit: "number",
      paused: ["true", "false"],
      rollbackTo: "any",
      progressDeadlineSeconds: "number",
    },
  },
  ReplicationController: {
    apiVersion: ["v1"],
    kind: "text",
    metadata,
    spec: { replicas: "number", minReadySeconds: "number", selector: "texts", template },
  },
  Pod: { apiVersion: ["v1"], kind: "text", metadata, spec: podSpec },
  Namespace: { apiVersion: ["v1"], kind: "text", metadata, spec: "any" },
};
