import { contains, parseAddress, parseNet, sizeOf, type Net4 } from "./ipv4.ts";
import { parseGoJson } from "./go-json.ts";

/** The network configuration under PREFIX/config, with flannel's defaults filled in. */
export interface NetworkConfig {
  network: Net4;
  subnetMin: number;
  subnetMax: number;
  subnetLen: number;
  backendType: string;
  backend: Record<string, unknown>;
}

/**
 * Reads the JSON kept in etcd. Throws Error worded as flannel 0.7.1 words what is wrong
 * (facts/kubernetes-1.5.2.md §e.7). SubnetMin's default skips the first subnet.
 */
export function parseConfig(text: string): NetworkConfig {
  const json = fields(parseGoJson(text));
  const network = "network" in json ? readNet(json["network"]) : { address: 0, length: 0 };
  const given = readNumber(json["subnetlen"], "Config.SubnetLen", "uint");
  if (given > 0 && given < network.length) throw new Error("HostSubnet is larger network than Network");
  const subnetLen = given > 0 ? given : network.length < 24 ? 24 : network.length + 1;
  const size = sizeOf(subnetLen);
  const subnetMin = readAddress(json["subnetmin"]);
  if (subnetMin !== 0 && !contains(network, subnetMin)) {
    throw new Error("SubnetMin is not in the range of the Network");
  }
  const subnetMax = readAddress(json["subnetmax"]);
  if (subnetMax !== 0 && !contains(network, subnetMax)) {
    throw new Error("SubnetMax is not in the range of the Network");
  }
  const backend = json["backend"];
  const backendType =
    backend === undefined ? "udp" : fields(backend, "decoding Backend property of config")["type"];
  return {
    network,
    subnetMin: subnetMin === 0 ? network.address + size : subnetMin,
    subnetMax: subnetMax === 0 ? network.address + sizeOf(network.length) - size : subnetMax,
    subnetLen,
    backendType: typeof backendType === "string" ? backendType : "",
    backend: fields(backend ?? {}),
  };
}

/** The vxlan backend's own settings; VNI 1 and the kernel's port where none is given. */
export function parseVxlan(config: NetworkConfig): { vni: number; port: number } {
  try {
    const vni = config.backend["vni"];
    return {
      vni: vni === undefined ? 1 : readNumber(vni, ".VNI", "int"),
      port: readNumber(config.backend["port"], ".Port", "int"),
    };
  } catch (error) {
    throw new Error(`error decoding VXLAN backend config: ${(error as Error).message}`);
  }
}

/** An object's members under lower-cased names: Go matches names without regard to case. */
function fields(value: unknown, doing?: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
  }
  const problem = `json: cannot unmarshal ${kindOf(value)} into Go value of type subnet.Config`;
  throw new Error(doing === undefined ? problem : `error ${doing}: ${problem}`);
}

function readNet(value: unknown): Net4 {
  const net = typeof value === "string" ? parseNet(value) : undefined;
  if (net === undefined)
    throw new Error(`invalid CIDR address: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return net;
}

function readAddress(value: unknown): number {
  if (value === undefined) return 0;
  const address = typeof value === "string" ? parseAddress(value) : undefined;
  if (address === undefined) throw new Error("Invalid IP address format");
  return address;
}

function readNumber(value: unknown, field: string, type: string): number {
  if (value === undefined) return 0;
  if (typeof value === "number" && Number.isInteger(value) && (type === "int" || value >= 0)) return value;
  const seen = typeof value === "number" ? `number ${value}` : kindOf(value);
  throw new Error(`json: cannot unmarshal ${seen} into Go struct field ${field} of type ${type}`);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}
