import http from "node:http";
import https from "node:https";

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export interface Serving {
  /** An IPv4 address; 0.0.0.0 means both families, as Go's listener does ("*:10251" in ss). */
  address: string;
  port: number;
  /** By path without the query; "*" answers whatever no other route does. /healthz answers ok unless named here. */
  routes: Record<string, Handler>;
  tls?: { key: string; cert: string };
}

const why: Record<string, string> = {
  EADDRINUSE: "address already in use",
  EACCES: "permission denied",
  EADDRNOTAVAIL: "cannot assign requested address",
};

/** Answers with plain text, 200 unless told otherwise. */
export function answer(response: http.ServerResponse, body: string, status = 200): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(body);
}

/**
 * Listens and answers; resolves to the server once the port is open.
 * @throws Error in Go's wording, e.g. "listen tcp 0.0.0.0:10251: bind: address already in use"
 */
export function serve({ address, port, routes, tls }: Serving): Promise<http.Server> {
  const all: Record<string, Handler> = {
    "/healthz": (_request, response) => {
      answer(response, "ok");
    },
    ...routes,
  };
  const handle: Handler = (request, response) => {
    const path = (request.url ?? "/").replace(/\?.*/s, "");
    const handler = Object.hasOwn(all, path) ? all[path] : all["*"];
    if (handler === undefined) answer(response, "404 page not found\n", 404);
    else handler(request, response);
  };
  const server = tls === undefined ? http.createServer(handle) : https.createServer(tls, handle);
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = why[error.code ?? ""] ?? error.message;
      reject(new Error(`listen tcp ${address}:${port}: bind: ${reason}`));
    });
    const ready = (): void => {
      resolve(server);
    };
    // Without an address Node takes the dual-stack wildcard, and 0.0.0.0 where the kernel has no IPv6.
    if (address === "0.0.0.0") server.listen(port, ready);
    else server.listen(port, address, ready);
  });
}
