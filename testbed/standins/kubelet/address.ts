import { lookup } from "node:dns/promises";
import { defaultRouteInterface, firstAddress } from "../common/interfaces.ts";
import { isAddress } from "../common/values.ts";

/**
 * The node's InternalIP as kubelet 1.5 picks it (facts/centos7.md §5.2): --node-ip, a name that is an address, the
 * first IPv4 address the name resolves to that is not a loopback one, else the default route's interface. Throws
 * Error with the kubelet's wording.
 */
export async function nodeAddress(name: string, nodeIp: string): Promise<string> {
  if (nodeIp !== "") return nodeIp;
  if (isAddress(name)) return name;
  const resolved = await lookup(name, { all: true, family: 4 }).catch(() => []);
  const found = resolved.find(({ address }) => !address.startsWith("127."));
  if (found !== undefined) return found.address;
  const device = defaultRouteInterface();
  const address = device === undefined ? undefined : firstAddress(device);
  if (address === undefined) {
    throw new Error(`can't get ip address of node ${name}. error: Unable to select an IP.`);
  }
  return address;
}
