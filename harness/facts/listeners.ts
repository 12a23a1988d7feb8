import { fact, linesOf } from "./fact.ts";

/** A socket that takes connections or datagrams. */
export interface Listener {
  protocol: "tcp" | "udp";
  port: number;
  /** As `ss` prints it, without brackets and device: "0.0.0.0", "*", "::", "127.0.0.1". */
  address: string;
  /** every: any address of the machine; loopback: only the machine itself; one: a single address or device. */
  scope: "every" | "loopback" | "one";
  /** Whether IPv4 traffic reaches it. */
  ipv4: boolean;
  /** Names of the owning processes, cut at 15 bytes by the kernel; empty for the kernel's own sockets. */
  processes: string[];
}

/**
 * Every TCP and UDP listener, as three generations of `ss` write them (facts/centos7.md §6):
 *
 * | socket                     | CentOS 7.8 and 7.9 | iproute2 4.11 | iproute2 since 4.15 |
 * | -------------------------- | ------------------ | ------------- | ------------------- |
 * | IPv4, any address          | `*:22`             | `*:22`        | `0.0.0.0:22`        |
 * | IPv6, any address          | `[::]:22`          | `:::22`       | `[::]:22`           |
 * | both, as Go's on 0.0.0.0   | `[::]:22`          | `:::22`       | `*:22`              |
 *
 * The older two do not tell IPv6 alone from both; such a socket takes IPv4 too unless another has the port for IPv4.
 */
export const listeners = fact("listeners", "ss -lntup", (stdout) => {
  if (!stdout.startsWith("Netid")) throw new Error("expected ss's table");
  const rows = linesOf(stdout)
    .map((line) => /^(tcp|udp)\s+\S+\s+\d+\s+\d+\s+(\S+):(\d+)\s+(\S+)\s*(.*)$/.exec(line))
    .filter((row) => row !== null)
    .map(([, protocol, local = "", port, peer = "", owners = ""]) => ({
      protocol: protocol === "udp" ? ("udp" as const) : ("tcp" as const),
      port: Number(port),
      address: local.replace(/%[^\]]*/, "").replace(/[[\]]/g, ""),
      device: local.includes("%"),
      peer,
      processes: [...new Set([...owners.matchAll(/\("([^"]*)"/g)].map((match) => match[1] ?? ""))],
    }));
  const both = dualStack(rows, /Process\s*$/.test(stdout.split("\n")[0] ?? ""));
  return rows.map(({ device, ...row }): Listener => {
    const { protocol, port, address, processes } = row;
    const any = ["*", "0.0.0.0", "::"].includes(address);
    return {
      protocol,
      port,
      address,
      processes,
      scope: any && !device ? "every" : isLoopback(row.address) ? "loopback" : "one",
      ipv4: takesIpv4(row.address) || both(row),
    };
  });
});

type Row = Pick<Listener, "protocol" | "port" | "address">;

/** Which sockets on every IPv6 address take IPv4 too; sockets that have `*` for it are told by that alone. */
function dualStack(rows: readonly (Row & { peer: string })[], processColumn: boolean): (row: Row) => boolean {
  // Only the newer ones write IPv4's any as 0.0.0.0, as the peer of every IPv4 listener too, or name the last column.
  if (
    processColumn ||
    rows.some(({ address, peer }) => [address, peer].some((one) => one.startsWith("0.0.0.0")))
  )
    return () => false;
  return ({ protocol, port, address }) =>
    address === "::" &&
    !rows.some((one) => one.protocol === protocol && one.port === port && takesIpv4(one.address));
}

const takesIpv4 = (address: string): boolean => !address.includes(":") || address.startsWith("::ffff:");

const isLoopback = (address: string): boolean => /^(::ffff:)?127\./.test(address) || address === "::1";

/** Whether a process name as the kernel keeps it (15 bytes) or `ss` cuts it belongs to a program. */
export const isProcess = (program: string, seen: string): boolean =>
  seen === program || (seen.length >= 12 && program.startsWith(seen));
