import type { Endpoints, Service } from "../common/objects.ts";

/** One port of one service, with the pods behind it. */
export interface Backend {
  /** NAMESPACE/SERVICE:PORTNAME; the port's name is often empty. */
  name: string;
  protocol: "tcp" | "udp";
  address: string;
  port: number;
  /** 0 where there is none. */
  nodePort: number;
  /** IP:PORT of each pod that is ready. */
  endpoints: string[];
}

/** Every port of every service that has an address of its own, by name. */
export function backendsOf(services: Service[], endpoints: Endpoints[]): Backend[] {
  const ready = new Map<string, string[]>();
  for (const { metadata, subsets } of endpoints) {
    for (const { addresses = [], ports } of subsets ?? []) {
      for (const { name = "", port } of ports) {
        const key = `${metadata.namespace ?? ""}/${metadata.name}:${name}`;
        ready.set(key, [...(ready.get(key) ?? []), ...addresses.map(({ ip }) => `${ip}:${port}`)]);
      }
    }
  }
  return services.flatMap(({ metadata, spec: { clusterIP = "", ports = [] } }) =>
    clusterIP === "" || clusterIP === "None"
      ? []
      : ports.map((port) => {
          const name = `${metadata.namespace ?? ""}/${metadata.name}:${port.name ?? ""}`;
          return {
            name,
            protocol: port.protocol === "UDP" ? "udp" : "tcp",
            address: clusterIP,
            port: port.port,
            nodePort: port.nodePort ?? 0,
            endpoints: ready.get(name) ?? [],
          };
        }),
  );
}
