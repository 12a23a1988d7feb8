import { createHash, randomBytes } from "node:crypto";
import { totalmem } from "node:os";
import type { Service } from "../common/objects.ts";
import { environmentOf, expand } from "./env.ts";
import { graceOf, infraName, label, type KubeletContainer, type KubeletPod } from "./pod.ts";

/** A container to be made: its name and the body of docker's create call. */
export interface Recipe {
  name: string;
  body: object;
}

/** The container that holds the pod's network; docker's default IPC mode for this API lets others join. */
export function infraRecipe(pod: KubeletPod, image: string): Recipe {
  return recipe(pod, infraName, image, 0, {
    Hostname: pod.metadata.name.slice(0, 63),
    HostConfig: { OomScoreAdj: -998, ...(pod.spec.hostNetwork === true && { NetworkMode: "host" }) },
  });
}

export interface Surroundings {
  /** The id of the pod's infra container. */
  infra: string;
  podIp: string;
  services: Service[];
  /** Where each volume lies on the machine, by name. */
  volumes: Map<string, string>;
}

/** A container of the pod, in the infra container's network and IPC. */
export function containerRecipe(
  pod: KubeletPod,
  container: KubeletContainer,
  restarts: number,
  { infra, podIp, services, volumes }: Surroundings,
): Recipe {
  const env = environmentOf(pod, container, services, podIp);
  const filled = (texts?: string[]) => texts?.map((text) => expand(text, env));
  const { requests = {}, limits = {} } = container.resources ?? {};
  const memory = bytes(limits["memory"]);
  return recipe(pod, container.name, container.image, restarts, {
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    Entrypoint: filled(container.command),
    Cmd: filled(container.args),
    WorkingDir: container.workingDir,
    HostConfig: {
      NetworkMode: `container:${infra}`,
      IpcMode: `container:${infra}`,
      Binds: (container.volumeMounts ?? []).flatMap(({ name, mountPath, readOnly }) => {
        const source = volumes.get(name);
        return source === undefined ? [] : [`${source}:${mountPath}${readOnly === true ? ":ro" : ""}`];
      }),
      CpuShares: Math.max(2, Math.floor((millicpus(requests["cpu"] ?? limits["cpu"]) * 1024) / 1000)),
      ...(memory > 0 && { Memory: memory }),
      OomScoreAdj: oomScore(bytes(requests["memory"] ?? limits["memory"]), limits),
    },
  });
}

/** k8s_CONTAINER.HASH_POD_NAMESPACE_UID_RANDOM, as kubelet 1.5 names containers. */
function recipe(pod: KubeletPod, container: string, image: string, restarts: number, body: object): Recipe {
  const { name, namespace, uid } = pod.metadata;
  const hash = createHash("sha256")
    .update(JSON.stringify([image, body]))
    .digest("hex")
    .slice(0, 8);
  return {
    name: `k8s_${container}.${hash}_${name}_${namespace}_${uid}_${randomBytes(4).toString("hex")}`,
    body: {
      Image: image,
      ...body,
      Labels: {
        [label.pod]: name,
        [label.namespace]: namespace,
        [label.uid]: uid,
        [label.grace]: `${graceOf(pod)}`,
        [label.container]: container,
        [label.hash]: hash,
        [label.restarts]: `${restarts}`,
      },
    },
  };
}

/** The kernel kills first what asked for nothing, and last what is limited to what it asked for. */
function oomScore(request: number, limits: Record<string, string>): number {
  if (request === 0) return 1000;
  if (bytes(limits["memory"]) === request && limits["cpu"] !== undefined) return -998;
  return Math.min(999, Math.max(2, 1000 - Math.floor((1000 * request) / totalmem())));
}

function millicpus(quantity = "0"): number {
  return quantity.endsWith("m") ? parseInt(quantity, 10) : Number(quantity) * 1000;
}

function bytes(quantity = "0"): number {
  const [, amount = "0", unit = ""] = /^([\d.]+)([KMGT]i?|k)?$/.exec(quantity) ?? [];
  const power = "KMGT".indexOf(unit.charAt(0).toUpperCase()) + 1;
  return Number(amount) * (unit === "" ? 1 : unit.endsWith("i") ? 1024 ** power : 1000 ** power);
}
