import type { Service, ServicePort } from "../common/objects.ts";
import { isAddress } from "../common/values.ts";
import { internal, invalid, invalidValue, required, unsupported, type Cause } from "./failure.ts";
import type { PortRange, ServiceRange } from "./ranges.ts";
import { services } from "./resources.ts";
import type { Store } from "./store.ts";

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const affinities = ["ClientIP", "None"];
const protocols = ["TCP", "UDP"];

function checkPort(port: ServicePort, path: string, alone: boolean): Cause[] {
  const causes: Cause[] = [];
  if (!alone && !port.name) causes.push(required(`${path}.name`));
  if (!Number.isInteger(port.port) || port.port < 1 || port.port > 65535) {
    causes.push(invalidValue(`${path}.port`, port.port, "must be between 1 and 65535, inclusive"));
  }
  if (!protocols.includes(port.protocol ?? "")) {
    causes.push(unsupported(`${path}.protocol`, port.protocol, protocols));
  }
  return causes;
}

/** What 1.5.2 refuses a service for (facts/kubernetes-1.5.2.md §e.15-16), in its order and words. */
function check({ spec }: Service): Cause[] {
  const causes: Cause[] = [];
  const { type = "", ports = [], clusterIP = "", sessionAffinity = "" } = spec;
  if (ports.length === 0 && clusterIP !== "None" && type !== "ExternalName")
    causes.push(required("spec.ports"));
  ports.forEach((port, index) => {
    causes.push(...checkPort(port, `spec.ports[${index}]`, ports.length === 1));
  });
  if (!affinities.includes(sessionAffinity)) {
    causes.push(unsupported("spec.sessionAffinity", sessionAffinity, affinities));
  }
  if (!["", "None"].includes(clusterIP) && !isAddress(clusterIP)) {
    causes.push(invalidValue("spec.clusterIP", clusterIP, "must be empty, 'None', or a valid IP address"));
  }
  if (!types.includes(type)) causes.push(unsupported("spec.type", type, types));
  if (type !== "ClusterIP") return causes;
  ports.forEach(({ nodePort }, index) => {
    if (!nodePort) return;
    const why = "may not be used when `type` is 'ClusterIP'";
    causes.push(invalidValue(`spec.ports[${index}].nodePort`, nodePort, why));
  });
  return causes;
}

/** Gives services their addresses and node ports. What is taken is read from the services themselves. */
export class ServiceAllocator {
  readonly #store: Store;
  readonly #addresses: ServiceRange;
  readonly #ports: PortRange;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: Store, addresses: ServiceRange, ports: PortRange) {
    this.#store = store;
    this.#addresses = addresses;
    this.#ports = ports;
  }

  /** Runs one change of services at a time, so that nothing is given twice. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /**
   * The service with its address and node ports; to be called within `alone`.
   * @param before the service as it is, where it is only changed
   * @throws Failure 422 as 1.5.2 words it
   */
  async complete(given: Service, before?: Service): Promise<Service> {
    const { name } = given.metadata;
    const causes = check(given);
    const old = before?.spec.clusterIP;
    if (before?.spec.type !== "ExternalName" && old && given.spec.clusterIP !== old) {
      causes.unshift(invalidValue("spec.clusterIP", given.spec.clusterIP ?? "", "field is immutable"));
    }
    if (causes.length > 0) throw invalid(services, name, causes);
    const others = (await this.#store.list(services)).items as Service[];
    const { uid } = before?.metadata ?? {};
    const taken = others.filter((other) => other.metadata.uid !== uid);
    const { clusterIP, ...spec } = given.spec;
    const address = spec.type === "ExternalName" ? clusterIP : this.#address(name, clusterIP ?? "", taken);
    return {
      ...given,
      spec: {
        ...spec,
        ...this.#withPorts(given, taken),
        ...(address !== undefined && { clusterIP: address }),
      },
    };
  }

  #address(name: string, wanted: string, taken: Service[]): string {
    if (wanted === "None") return wanted;
    const used = new Set(taken.map(({ spec }) => spec.clusterIP ?? ""));
    if (wanted === "") {
      const picked = this.#addresses.pick(used);
      if (picked === undefined) throw internal("failed to allocate a serviceIP: range is full");
      return picked;
    }
    const refuse = (why: string): never => {
      throw invalid(services, name, [invalidValue("spec.clusterIP", wanted, why)]);
    };
    if (!this.#addresses.contains(wanted)) refuse("provided IP is not in the valid range");
    if (used.has(wanted)) refuse("provided IP is already allocated");
    return wanted;
  }

  #withPorts({ metadata, spec }: Service, taken: Service[]): { ports?: ServicePort[] } {
    if (spec.ports === undefined || (spec.type !== "NodePort" && spec.type !== "LoadBalancer")) return {};
    const used = new Set(
      taken.flatMap((other) => (other.spec.ports ?? []).map(({ nodePort }) => nodePort ?? 0)),
    );
    const ports = spec.ports.map((port, index) => {
      if (port.nodePort) {
        const refuse = (why: string): never => {
          throw invalid(services, metadata.name, [
            invalidValue(`spec.ports[${index}].nodePort`, port.nodePort, why),
          ]);
        };
        if (!this.#ports.contains(port.nodePort)) {
          refuse(
            `provided port is not in the valid range. The range of valid ports is ${String(this.#ports)}`,
          );
        }
        if (used.has(port.nodePort)) refuse("provided port is already allocated");
      }
      const nodePort = port.nodePort || this.#ports.pick(used);
      if (nodePort === undefined) throw internal("failed to allocate a nodePort: range is full");
      used.add(nodePort);
      return { ...port, nodePort };
    });
    return { ports };
  }
}
