interface NodeNetworkError extends Error {
  code?: string;
}

const connectReasons: Record<string, string> = {
  ECONNREFUSED: "connect: connection refused",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  EACCES: "connect: permission denied",
  EPERM: "connect: operation not permitted",
  ETIMEDOUT: "i/o timeout",
};

/**
 * A failed connection to `host:port`, in the words of Go's standard library (1.19), which the real daemons log:
 * `dial tcp 10.146.47.100:2379: connect: connection refused`.
 */
export function dialError(error: Error, address: string): string {
  const code = (error as NodeNetworkError).code ?? "";
  const reason = connectReasons[code];
  if (reason !== undefined) return `dial tcp ${address}: ${reason}`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `dial tcp: lookup ${address.replace(/:\d+$/, "")}: no such host`;
  }
  if (code === "ECONNRESET" || code === "EPIPE") return "EOF";
  return `dial tcp ${address}: ${error.message}`;
}

/** The `host:port` a URL names, with the scheme's port where it names none. */
export function addressOf(url: URL): string {
  return `${url.hostname}:${url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port}`;
}
