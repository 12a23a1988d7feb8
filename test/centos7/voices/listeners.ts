import { lines, linesIn, parts, voice } from "./voice.ts";

/** A row of `ss -lntup`. */
interface Row {
  netid: string;
  state: string;
  queues: readonly [string, string];
  /** "*" for IPv4's any, "::" for IPv6's and for both. */
  address: string;
  device: string;
  port: string;
  /** users:((…)), or empty. */
  owners: string;
}

const row =
  /^(?<netid>\S+)\s+(?<state>\S+)\s+(?<received>\d+)\s+(?<sent>\d+)\s+(?<address>[^\s%]*?\]?)(?:%(?<device>[^:\s]+))?:(?<port>\d+)\s+\S+\s*(?<owners>users:.*?)?\s*$/;

const rows = (table: string, any: (address: string) => string): Row[] =>
  linesIn(table)
    .slice(1)
    .map((line) => {
      const {
        netid = "",
        state = "",
        received = "",
        sent = "",
        address = "",
        device = "",
        port = "",
        owners = "",
      } = parts(row, line);
      return { netid, state, queues: [received, sent], address: any(address), device, port, owners };
    });

const plain = (address: string): string => address.replace(/^\[|\]$/g, "");

/** iproute2 6: a socket of both families is `*`. */
const later = (address: string): string =>
  address === "*" ? "::" : address === "0.0.0.0" ? "*" : plain(address);

/** iproute2 4.11's misc/ss.c: 4 columns for an address, more for a longer one of IPv6; 18 for a port. */
function local(address: string, device: string, port: string): string {
  const text = address.includes(":") ? `[${address}]` : address;
  const wide = !address.includes(":") || text.length <= 4 ? 4 : 4 + Math.ceil((text.length - 4) / 4) * 4;
  const name = device === "" ? "" : `%${device}`;
  return `${text.padStart(Math.max(0, wide - name.length))}${name}:${port.padEnd(18)}`;
}

const print = (table: readonly Row[]): string => {
  const header = `Netid  State      Recv-Q Send-Q Local Address:${"Port".padEnd(18)} Peer Address:${"Port".padEnd(18)}`;
  const told = table.map(({ netid, state, queues: [received, sent], address, device, port, owners }) => {
    const peer = local(address.includes(":") ? "::" : "*", "", "*");
    const begin = `${netid.padEnd(6)} ${state.padEnd(10)} ${received.padEnd(6)} ${sent.padEnd(6)} `;
    return `${begin}${local(address, device, port)} ${peer} ${owners === "" ? "" : ` ${owners}`}`;
  });
  return lines([header, ...told]);
};

export const listeners = voice<Row[]>({
  origin: "a CentOS 7.8 machine's table in a public transcript; the kubernetes rows in those of 7.9 machines",
  heard: (stdout) => rows(stdout, later),
  read: (sample) => rows(sample, plain),
  print,
});
