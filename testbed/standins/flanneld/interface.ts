import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { defaultRouteInterface, firstAddress } from "../common/interfaces.ts";
import { parseAddress } from "./ipv4.ts";

/** The interface vxlan packets leave by, its address, and the address peers are told. */
export interface ExternalInterface {
  name: string;
  index: number;
  address: string;
  publicAddress: string;
}

interface Log {
  info(text: string): void;
}

/**
 * Picks the interface as flannel 0.7.1 does: `iface` is a name or an address; empty means the default route's.
 * `publicIp` changes only what peers are told. Throws Error with flannel's wording.
 */
export function externalInterface(iface: string, publicIp: string, log: Log): ExternalInterface {
  const name = pickName(iface, log);
  const address = parseAddress(iface) === undefined ? firstAddress(name) : iface;
  if (address === undefined) throw new Error(`failed to find IPv4 address for interface ${name}`);
  log.info(`Using interface with name ${name} and address ${address}`);
  if (publicIp !== "" && parseAddress(publicIp) === undefined) {
    throw new Error(`invalid public IP address: ${publicIp}`);
  }
  log.info(
    publicIp === ""
      ? `Defaulting external address to interface address (${address})`
      : `Using ${publicIp} as external address`,
  );
  return { name, index: indexOf(name), address, publicAddress: publicIp === "" ? address : publicIp };
}

function pickName(iface: string, log: Log): string {
  if (iface === "") {
    log.info("Determining IP address of default interface");
    const name = defaultRouteInterface();
    if (name === undefined) throw new Error("failed to get default interface: Unable to find default route");
    return name;
  }
  if (parseAddress(iface) !== undefined) {
    log.info(`Searching for interface using ${iface}`);
    const holder = Object.entries(networkInterfaces()).find(([, all]) =>
      all?.some((a) => a.address === iface),
    );
    if (holder === undefined) {
      throw new Error(`error looking up interface ${iface}: No interface with given IP found`);
    }
    return holder[0];
  }
  try {
    indexOf(iface);
    return iface;
  } catch {
    throw new Error(`error looking up interface ${iface}: route ip+net: no such network interface`);
  }
}

function indexOf(name: string): number {
  return Number(readFileSync(`/sys/class/net/${name}/ifindex`, "utf8"));
}
