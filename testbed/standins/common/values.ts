/** A flag's text that its type refuses; the message is the one Go's parser gives. */
export class BadValue extends Error {}

/** Go's number of bits per flag type; `uint` and `int` are 64 bits wide on the machines concerned. */
const bits: Record<string, bigint> = { int: 64n, int32: 32n, int64: 64n, uint: 64n, Level: 64n };

const unit = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 };

/**
 * Go's time.ParseDuration, in milliseconds.
 * @throws BadValue with Go's wording
 */
export function parseDuration(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return 0;
  if (rest === "") throw new BadValue(`time: invalid duration ${JSON.stringify(text)}`);
  let total = 0;
  while (rest !== "") {
    const [whole, amount = "", name = ""] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? [];
    if (whole === undefined) throw new BadValue(`time: invalid duration ${JSON.stringify(text)}`);
    if (name === "") throw new BadValue(`time: missing unit in duration ${JSON.stringify(text)}`);
    if (!(name in unit)) {
      throw new BadValue(`time: unknown unit ${JSON.stringify(name)} in duration ${JSON.stringify(text)}`);
    }
    total += Number(amount) * unit[name as keyof typeof unit];
    rest = rest.slice(whole.length);
  }
  return sign * total;
}

/** Whether the text is an IPv4 or IPv6 address as Go's net.ParseIP takes it. */
export function isAddress(text: string): boolean {
  const quads = text.split(".");
  if (quads.length === 4) return quads.every((quad) => /^(0|[1-9]\d{0,2})$/.test(quad) && Number(quad) < 256);
  return /^[0-9a-f:]*:[0-9a-f:.]*$/i.test(text);
}

function checkInteger(type: string, text: string, width: bigint): void {
  const unsigned = type === "uint";
  const parser = type === "Level" ? "Atoi" : unsigned ? "ParseUint" : "ParseInt";
  const complain = (reason: string): never => {
    throw new BadValue(`strconv.${parser}: parsing ${JSON.stringify(text)}: ${reason}`);
  };
  if (!/^[+-]?(0x[0-9a-f]+|\d+)$/i.test(text) || (unsigned && /^[+-]/.test(text))) complain("invalid syntax");
  const value = BigInt(text.replace(/^[+-]/, "")) * (text.startsWith("-") ? -1n : 1n);
  const top = unsigned ? 1n << width : 1n << (width - 1n);
  if (value >= top || value < (unsigned ? 0n : -top)) complain("value out of range");
}

function checkPortRange(text: string): void {
  if (text === "") return;
  const [low, high] = text.split("-", 2);
  if (high === undefined) throw new BadValue("expected hyphen in port range");
  for (const end of [low, high]) {
    if (!/^[+-]?\d+$/.test(end ?? "")) {
      const why = `strconv.Atoi: parsing ${JSON.stringify(end)}: invalid syntax`;
      throw new BadValue(`unable to parse port range: ${text}: ${why}`);
    }
  }
  if (Number(low) > 65535 || Number(high) > 65535) {
    throw new BadValue(`the port range cannot be greater than 65535: ${text}`);
  }
  if (Number(high) < Number(low)) {
    throw new BadValue(`end port cannot be less than start port: ${text}`);
  }
}

/**
 * Refuses what the real flag of this type refuses.
 * @throws BadValue with the wording of Go's parser (facts/kubernetes-1.5.2.md §e.12)
 */
export function checkValue(type: string, text: string): void {
  const width = bits[type];
  const quoted = JSON.stringify(text);
  if (width !== undefined) checkInteger(type, text, width);
  else if (type === "bool" && !/^(1|0|t|f|T|F|true|false|TRUE|FALSE|True|False)$/.test(text)) {
    throw new BadValue(`strconv.ParseBool: parsing ${quoted}: invalid syntax`);
  } else if (type === "ip" && !isAddress(text.trim())) {
    throw new BadValue(`failed to parse IP: ${quoted}`);
  } else if (type === "ipNet") {
    const [address = "", mask = ""] = text.trim().split("/");
    const widest = address.includes(":") ? 128 : 32;
    if (!isAddress(address) || !/^\d{1,3}$/.test(mask) || Number(mask) > widest) {
      throw new BadValue(`invalid CIDR address: ${text.trim()}`);
    }
  } else if (type === "duration") parseDuration(text);
  else if (type.startsWith("float") && (text === "" || Number.isNaN(Number(text)))) {
    throw new BadValue(`strconv.ParseFloat: parsing ${quoted}: invalid syntax`);
  } else if (type.toLowerCase().replace("-", "") === "portrange") checkPortRange(text);
}
