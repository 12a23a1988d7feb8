/** How many bits Go's number types have on the machines concerned. */
const bits: Readonly<Record<string, bigint>> = { int: 64n, int32: 32n, int64: 64n, uint: 64n, Level: 64n };

const isInteger = (type: string, text: string, width: bigint): boolean => {
  const unsigned = type === "uint";
  if (!/^[+-]?(0x[0-9a-f]+|\d+)$/i.test(text) || (unsigned && /^[+-]/.test(text))) return false;
  const value = BigInt(text.replace(/^[+-]/, "")) * (text.startsWith("-") ? -1n : 1n);
  const top = unsigned ? 1n << width : 1n << (width - 1n);
  return value < top && value >= (unsigned ? 0n : -top);
};

/** An IPv4 or IPv6 address as Go's net.ParseIP takes it. */
export function isAddress(text: string): boolean {
  const quads = text.split(".");
  if (quads.length === 4 && !text.includes(":")) {
    return quads.every((quad) => /^\d{1,3}$/.test(quad) && Number(quad) < 256);
  }
  return /^[0-9a-f:]*:[0-9a-f:.]*$/i.test(text);
}

/** An address with the length of its network's mask, as Go's net.ParseCIDR takes it. */
export function isNetwork(text: string): boolean {
  const [address = "", mask = "", ...more] = text.split("/");
  const widest = address.includes(":") ? 128 : 32;
  return more.length === 0 && isAddress(address) && /^\d{1,3}$/.test(mask) && Number(mask) <= widest;
}

function isPortRange(text: string): boolean {
  if (text === "") return true;
  const [, low, high] = /^\+?(\d+)-\+?(\d+)$/.exec(text) ?? [];
  return low !== undefined && Number(low) <= Number(high) && Number(high) <= 65535;
}

const isUrl = (text: string): boolean => /^(https?|unixs?):\/\/(\[[^\]]+\]|[^/:]+):\d{1,5}$/.test(text);

/** Texts of `key=value`, between commas. */
const isMap = (text: string): boolean => text === "" || text.split(",").every((pair) => pair.includes("="));

/** What a type's values are like, and which are among them. A type that is not here takes any text. */
const types: readonly (readonly [RegExp, string, (text: string, type: string) => boolean])[] = [
  [
    /^(int|int32|int64|uint|Level)$/,
    "a whole number",
    (text, type) => isInteger(type, text, bits[type] ?? 64n),
  ],
  [/^bool$/, "true or false", (text) => /^(1|0|t|f|T|F|true|false|TRUE|FALSE|True|False)$/.test(text)],
  [/^version$/, "true, false or raw", (text) => /^(1|0|t|f|true|false|raw)$/i.test(text)],
  [/^ip$/, "an address", (text) => isAddress(text.trim())],
  [/^ipNet$/, "a network such as 10.0.0.0/16", (text) => isNetwork(text.trim())],
  [/^cidr$/, "an address with its mask, such as 10.0.0.1/24", (text) => text === "" || isNetwork(text)],
  [
    /^duration$/,
    "a duration such as 10s or 1h30m",
    (text) => /^[+-]?(0|((\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|ns))+)$/.test(text),
  ],
  [/^float/, "a number", (text) => text.trim() !== "" && !Number.isNaN(Number(text))],
  [/^port-?[rR]ange$/, "a range of ports such as 30000-32767", isPortRange],
  [
    /^urls$/,
    "URLs such as http://10.0.0.1:2379, without a path",
    (text) => text === "" || text.split(",").every(isUrl),
  ],
  [/^mapString(Bool|String)$/, "pairs such as key=value", isMap],
  [/^port$/, "a port", (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535],
];

/** What a flag of this type takes in the place of a value it cannot take; undefined where it takes it. */
export function misfit(type: string, value: string): string | undefined {
  if (type.startsWith("enum ")) {
    const words = type.split(" ").slice(1);
    return words.includes(value) ? undefined : `one of ${words.join(", ")}`;
  }
  const [, expected, fits] = types.find(([pattern]) => pattern.test(type)) ?? [];
  return fits === undefined || fits(value, type) ? undefined : expected;
}
