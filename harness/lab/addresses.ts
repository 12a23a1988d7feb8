/** IPv4 arithmetic over texts such as "10.146.47.100" and "10.146.47.0/24"; both must be well formed. */

const toNumber = (address: string): number =>
  address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);

const toAddress = (value: number): string =>
  [24, 16, 8, 0].map((shift) => String(Math.floor(value / 2 ** shift) % 256)).join(".");

interface Range {
  start: number;
  end: number;
}

function range(cidr: string): Range {
  const [address = "", length = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(length));
  const start = Math.floor(toNumber(address) / size) * size;
  return { start, end: start + size - 1 };
}

/** The length of the network's mask: 24 for 10.146.47.0/24. */
export const maskLength = (cidr: string): number => Number(cidr.split("/")[1] ?? 32);

/** The network's mask: 255.255.255.0 for a /24. */
export const netmask = (cidr: string): string => toAddress(2 ** 32 - 2 ** (32 - maskLength(cidr)));

/** The network's own address: 10.146.47.0 for 10.146.47.9/24. */
export const networkAddress = (cidr: string): string => toAddress(range(cidr).start);

export const broadcastAddress = (cidr: string): string => toAddress(range(cidr).end);

/** The first address a host can have; on the lab's networks it is ours (facts/centos7.md §8). */
export const firstAddress = (cidr: string): string => toAddress(range(cidr).start + 1);

/** The last address a host can have. */
export const lastAddress = (cidr: string): string => toAddress(range(cidr).end - 1);

/** The address `count` after this one. */
export const addressAfter = (address: string, count: number): string => toAddress(toNumber(address) + count);

/** How many hosts fit, the network's and the broadcast address apart: 254 for a /24. */
export const hostCount = (cidr: string): number => Math.max(0, 2 ** (32 - maskLength(cidr)) - 2);

/** Whether a network holds an address, or the whole of another network. */
export function contains(cidr: string, other: string): boolean {
  const [outer, inner] = [range(cidr), range(other)];
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function overlaps(one: string, other: string): boolean {
  const [a, b] = [range(one), range(other)];
  return a.start <= b.end && b.start <= a.end;
}
