/** An IPv4 network: `address` and masks are unsigned 32-bit numbers. */
export interface Net4 {
  address: number;
  length: number;
}

/** The address as a number, undefined for anything but four decimal octets. */
export function parseAddress(text: string): number | undefined {
  if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(text)) return undefined;
  const octets = text.split(".").map(Number);
  return octets.every((octet) => octet < 256)
    ? octets.reduce((sum, octet) => sum * 256 + octet, 0)
    : undefined;
}

/** The network of `10.241.0.0/16`, host bits cleared; undefined for anything else. */
export function parseNet(text: string): Net4 | undefined {
  const [, addressText = "", lengthText = ""] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const address = parseAddress(addressText);
  const length = Number(lengthText);
  if (address === undefined || lengthText === "" || length > 32) return undefined;
  return { address: (address & mask(length)) >>> 0, length };
}

export function showAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

export function showNet(net: Net4): string {
  return `${showAddress(net.address)}/${net.length}`;
}

/** How many addresses the network holds. */
export function sizeOf(length: number): number {
  return 2 ** (32 - length);
}

export function contains(net: Net4, address: number): boolean {
  return (net.address & mask(net.length)) === (address & mask(net.length));
}

export function overlaps(one: Net4, other: Net4): boolean {
  return contains(
    one.length < other.length ? one : other,
    one.length < other.length ? other.address : one.address,
  );
}

function mask(length: number): number {
  return length === 0 ? 0 : -1 << (32 - length);
}
