import { posix } from "node:path";
import { EtcdError, etcdCode, type EtcdNode, type EtcdV2 } from "../common/etcd.ts";
import { parseConfig, type NetworkConfig } from "./config.ts";
import { overlaps, parseAddress, showAddress, showNet, type Net4 } from "./ipv4.ts";

const leaseSeconds = 24 * 60 * 60;
const raceRetries = 10;
const candidates = 100;

/** A subnet a machine holds. `expires` is in milliseconds since 1970; undefined for a reservation. */
export interface Lease {
  subnet: Net4;
  publicIp: string;
  backendType: string;
  vtepMac: string;
  expires: number | undefined;
}

interface Log {
  info(text: string): void;
}

/** flannel's part of etcd: PREFIX/config and a key with a time to live for each subnet in use. */
export class LeaseRegistry {
  readonly #etcd: EtcdV2;
  readonly #prefix: string;
  readonly #log: Log;

  constructor(etcd: EtcdV2, prefix: string, log: Log) {
    this.#etcd = etcd;
    this.#prefix = posix.join("/", prefix);
    this.#log = log;
  }

  /** The directory of all leases, to be watched. */
  get subnets(): string {
    return posix.join(this.#prefix, "subnets");
  }

  /** Throws EtcdError 100 under a wrong prefix, Error for a bad configuration. */
  async config(): Promise<NetworkConfig> {
    const { node } = await this.#etcd.get(posix.join(this.#prefix, "config"), { quorum: true });
    return parseConfig(node.value ?? "");
  }

  /**
   * This machine's lease: the one its public IP already has, else a new one, random among the first 100 free.
   * Throws Error "out of subnets".
   */
  async acquire(config: NetworkConfig, publicIp: string, vtepMac: string): Promise<Lease> {
    for (let attempt = 0; attempt < raceRetries; attempt++) {
      const leases = await this.#list();
      const own = leases.find((lease) => lease.publicIp === publicIp);
      if (own !== undefined && fits(config, own.subnet)) {
        this.#log.info(`Found lease (${showNet(own.subnet)}) for current IP (${publicIp}), reusing`);
        return this.#put(
          { ...own, backendType: "vxlan", vtepMac },
          own.expires === undefined ? 0 : leaseSeconds,
        );
      }
      if (own !== undefined) {
        const found = `Found lease (${showNet(own.subnet)}) for current IP (${publicIp})`;
        this.#log.info(`${found} but not compatible with current config, deleting`);
        await this.#etcd.remove(this.keyOf(own));
        leases.splice(leases.indexOf(own), 1);
      }
      const subnet = this.#pick(config, leases);
      const lease = { subnet, publicIp, backendType: "vxlan", vtepMac, expires: undefined };
      try {
        return await this.#put(lease, leaseSeconds, { prevExist: false });
      } catch (error) {
        if (!(error instanceof EtcdError && error.code === etcdCode.exists)) throw error;
      }
    }
    throw new Error("Max retries reached trying to acquire a subnet");
  }

  /** The lease with its new expiration: 24 hours from now. */
  renew(lease: Lease): Promise<Lease> {
    return this.#put(lease, leaseSeconds);
  }

  /** The key a lease is kept under. */
  keyOf({ subnet }: Lease): string {
    return posix.join(this.subnets, showNet(subnet).replace("/", "-"));
  }

  async #list(): Promise<Lease[]> {
    try {
      const { node } = await this.#etcd.get(this.subnets, { recursive: true, quorum: true });
      return (node.nodes ?? []).flatMap((one) => readLease(one) ?? []);
    } catch (error) {
      if (error instanceof EtcdError && error.code === etcdCode.keyNotFound) return [];
      throw error;
    }
  }

  #pick(config: NetworkConfig, leases: Lease[]): Net4 {
    const { subnetMin, subnetMax, subnetLen: length } = config;
    this.#log.info(`Picking subnet in range ${showAddress(subnetMin)} ... ${showAddress(subnetMax)}`);
    const bag: Net4[] = [];
    for (
      let address = subnetMin;
      address <= subnetMax && bag.length < candidates;
      address += 2 ** (32 - length)
    ) {
      const subnet = { address, length };
      if (!leases.some((lease) => overlaps(subnet, lease.subnet))) bag.push(subnet);
    }
    const picked = bag[Math.floor(Math.random() * bag.length)];
    if (picked === undefined) throw new Error("out of subnets");
    return picked;
  }

  async #put(lease: Lease, ttl: number, conditions: { prevExist?: boolean } = {}): Promise<Lease> {
    const { publicIp: PublicIP, backendType: BackendType, vtepMac: VtepMAC } = lease;
    const value = JSON.stringify({ PublicIP, BackendType, BackendData: { VtepMAC } });
    const options = { ...conditions, ...(ttl > 0 && { ttl }) };
    const { node } = await this.#etcd.set(this.keyOf(lease), value, options);
    return { ...lease, expires: expiry(node) };
  }
}

function subnetOf(key: string): Net4 | undefined {
  const [, addressText = "", length] = /(\d+\.\d+\.\d+\.\d+)-(\d+)/.exec(key) ?? [];
  const address = parseAddress(addressText);
  return address === undefined ? undefined : { address, length: Number(length) };
}

/** The lease a key and its value describe; undefined where they describe none. */
export function readLease(node: EtcdNode): Lease | undefined {
  const subnet = subnetOf(node.key);
  if (subnet === undefined) return undefined;
  try {
    const { PublicIP, BackendType, BackendData } = JSON.parse(node.value ?? "") as {
      PublicIP: string;
      BackendType?: string;
      BackendData?: { VtepMAC?: string };
    };
    return {
      subnet,
      publicIp: PublicIP,
      backendType: BackendType ?? "",
      vtepMac: BackendData?.VtepMAC ?? "",
      expires: expiry(node),
    };
  } catch {
    return undefined;
  }
}

function expiry(node: EtcdNode): number | undefined {
  return node.expiration === undefined ? undefined : Date.parse(node.expiration);
}

function fits(config: NetworkConfig, subnet: Net4): boolean {
  const inside = subnet.address >= config.subnetMin && subnet.address <= config.subnetMax;
  return inside && subnet.length === config.subnetLen;
}
