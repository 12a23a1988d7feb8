import { fact, linesOf } from "./fact.ts";

/** A socket that takes connections or datagrams. */
export interface Listener {
  protocol: "tcp" | "udp";
  port: number;
  /** As `ss` prints it, without brackets: "0.0.0.0", "*", "::", "127.0.0.1". */
  address: string;
  /** every: any address of the machine; loopback: only the machine itself; one: a single address or device. */
  scope: "every" | "loopback" | "one";
  /** Whether IPv4 traffic reaches it. */
  ipv4: boolean;
  /** Names of the owning processes, cut at 15 bytes by the kernel; empty for the kernel's own sockets. */
  processes: string[];
}

/**
 * Every TCP and UDP listener. iproute2 4.11 (CentOS 7) prints a header whatever it is asked, and writes `*:22` for
 * IPv4 and `:::22` for a socket that may be dual-stack; later ones write `0.0.0.0:22`, `[::]:22` for IPv6 alone and
 * `*:22` for both. Go's listeners on 0.0.0.0 are dual-stack (facts/centos7.md §6).
 */
export const listeners = fact("listeners", "ss -lntup", (stdout) => {
  const rows = linesOf(stdout)
    .map((line) => /^(tcp|udp)\s+\S+\s+\d+\s+\d+\s+(\S+):(\d+)\s+\S+\s*(.*)$/.exec(line))
    .filter((row) => row !== null);
  if (!stdout.startsWith("Netid")) throw new Error("expected ss's table");
  const old = rows.some((row) => /^::/.test(row[2] ?? ""));
  return rows.map(([, protocol, local = "", port, owners = ""]): Listener => {
    const device = local.includes("%");
    const address = local.replace(/%.*$/, "").replace(/^\[(.*)\]$/, "$1");
    const any = ["*", "0.0.0.0", "::"].includes(address);
    return {
      protocol: protocol === "udp" ? "udp" : "tcp",
      port: Number(port),
      address,
      scope: any && !device ? "every" : isLoopback(address) ? "loopback" : "one",
      ipv4: address === "::" ? old : !address.includes(":") || address.startsWith("::ffff:"),
      processes: [...new Set([...owners.matchAll(/\("([^"]*)"/g)].map((match) => match[1] ?? ""))],
    };
  });
});

const isLoopback = (address: string): boolean => /^(::ffff:)?127\./.test(address) || address === "::1";

/** Whether a process name as the kernel keeps it (15 bytes) or `ss` cuts it belongs to a program. */
export const isProcess = (program: string, seen: string): boolean =>
  seen === program || (seen.length >= 12 && program.startsWith(seen));
