import type { Service } from "../common/objects.ts";
import type { KubeletContainer, KubeletPod } from "./pod.ts";

/**
 * The variables of a container: those of every service that has an address now, of the pod's namespace and of the
 * master's own (`kubernetes` in default), then the container's own with `$(NAME)` filled in.
 */
export function environmentOf(
  pod: KubeletPod,
  container: KubeletContainer,
  services: Service[],
  podIp: string,
): Record<string, string> {
  const { namespace } = pod.metadata;
  const visible = services.filter(
    ({ metadata, spec: { clusterIP = "None" } }) =>
      clusterIP !== "None" &&
      clusterIP !== "" &&
      (metadata.namespace === namespace ||
        (metadata.namespace === "default" && metadata.name === "kubernetes")),
  );
  // A service of the pod's own namespace wins over the master's.
  visible.sort(
    (one, other) =>
      Number(one.metadata.namespace === namespace) - Number(other.metadata.namespace === namespace),
  );
  const env: Record<string, string> = {};
  for (const service of visible) Object.assign(env, serviceVariables(service));
  for (const { name, value, valueFrom } of container.env ?? []) {
    const field = valueFrom?.fieldRef?.fieldPath;
    env[name] = field === undefined ? expand(value ?? "", env) : readField(pod, field, podIp);
  }
  return env;
}

/** `$(NAME)` replaced by its value, left alone where there is none; `$$` is a dollar. */
export function expand(text: string, env: Record<string, string>): string {
  return text.replace(/\$(\$|\(([^)]+)\))/g, (whole, what: string, name: string) =>
    what === "$" ? "$" : (env[name] ?? whole),
  );
}

/** NAME_SERVICE_HOST and NAME_SERVICE_PORT, and the variables docker links make. */
function serviceVariables({
  metadata,
  spec: { clusterIP = "", ports = [] },
}: Service): Record<string, string> {
  const prefix = envName(metadata.name);
  const env: Record<string, string> = { [`${prefix}_SERVICE_HOST`]: clusterIP };
  ports.forEach(({ name, port, protocol = "TCP" }, index) => {
    const url = `${protocol.toLowerCase()}://${clusterIP}:${port}`;
    const link = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
    if (index === 0) Object.assign(env, { [`${prefix}_SERVICE_PORT`]: `${port}`, [`${prefix}_PORT`]: url });
    if (name !== undefined && name !== "") env[`${prefix}_SERVICE_PORT_${envName(name)}`] = `${port}`;
    Object.assign(env, {
      [link]: url,
      [`${link}_PROTO`]: protocol.toLowerCase(),
      [`${link}_PORT`]: `${port}`,
      [`${link}_ADDR`]: clusterIP,
    });
  });
  return env;
}

function envName(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}

function readField({ metadata }: KubeletPod, path: string, podIp: string): string {
  const fields: Record<string, string> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "status.podIP": podIp,
  };
  return fields[path] ?? "";
}
