import { exchange, wholeOf } from "../common/exchange.ts";
import { Failure } from "./failure.ts";

interface Component {
  name: string;
  url: string;
}

/** Who is asked for its health: the two on this machine, wherever they run, and each etcd. */
export function componentsOf(etcdServers: string[]): Component[] {
  return [
    { name: "scheduler", url: "http://127.0.0.1:10251/healthz" },
    { name: "controller-manager", url: "http://127.0.0.1:10252/healthz" },
    ...etcdServers.map((server, index) => ({ name: `etcd-${index}`, url: new URL("/health", server).href })),
  ];
}

async function probe({ name, url }: Component): Promise<object> {
  let healthy = false;
  let message: string;
  try {
    message = await wholeOf(await exchange({ url: new URL(url), method: "GET" }));
    healthy = !name.startsWith("etcd") || (JSON.parse(message) as { health?: string }).health === "true";
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  const condition = { type: "Healthy", status: healthy ? "True" : "False", message };
  return { metadata: { name, creationTimestamp: null }, conditions: [condition] };
}

/** The list kubectl shows as `get cs` (facts/kubernetes-1.5.2.md §g), or one of it. */
export async function componentStatus(components: Component[], name: string): Promise<object> {
  if (name === "") {
    const items = await Promise.all(components.map(probe));
    return { kind: "ComponentStatusList", apiVersion: "v1", metadata: {}, items };
  }
  const component = components.find((one) => one.name === name);
  if (component === undefined) throw new Failure(500, "", `Component not found: ${name}`);
  return { kind: "ComponentStatus", apiVersion: "v1", ...(await probe(component)) };
}
