import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { selfSigned } from "../common/certificate.ts";
import type { Flags } from "../common/flags.ts";
import { log } from "../common/log.ts";
import { answer, serve, type Handler, type Serving } from "../common/serve.ts";
import type { KubeletPod } from "./pod.ts";

/** Opens every port of the kubelet; a port that is taken ends it. */
export async function openPorts(flags: Flags, name: string, pods: () => KubeletPod[]): Promise<void> {
  const address = flags.text("address");
  const listPods: Handler = (_request, response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: {}, items: pods() }));
  };
  const routes = { "/pods": listPods, "/pods/": listPods };
  const servings: Serving[] = [
    { address, port: flags.int("port"), routes: guarded(flags, routes), tls: certificate(flags, name) },
    { address, port: flags.int("read-only-port"), routes },
    // cAdvisor heeds no --address (facts/centos7.md §6).
    { address: "0.0.0.0", port: flags.int("cadvisor-port"), routes: {} },
    { address: flags.text("healthz-bind-address"), port: flags.int("healthz-port"), routes: {} },
  ];
  for (const serving of servings.filter(({ port }) => port > 0)) {
    try {
      await serve(serving);
    } catch (error) {
      log.fatal((error as Error).message, 1);
    }
  }
}

/** Anybody may ask, unless --anonymous-auth=false: this stand-in knows no credentials. */
function guarded(flags: Flags, routes: Record<string, Handler>): Record<string, Handler> {
  if (flags.bool("anonymous-auth")) return routes;
  const refuse: Handler = (_request, response) => {
    answer(response, "Unauthorized\n", 401);
  };
  return {
    ...Object.fromEntries(Object.keys(routes).map((path) => [path, refuse])),
    "/healthz": refuse,
    "*": refuse,
  };
}

/** The pair the flags name, else one of its own making, kept in --cert-dir. Throws where files cannot be read. */
function certificate(flags: Flags, name: string): { key: string; cert: string } {
  const given = { cert: flags.text("tls-cert-file"), key: flags.text("tls-private-key-file") };
  const folder = flags.text("cert-dir");
  const own = { cert: join(folder, "kubelet.crt"), key: join(folder, "kubelet.key") };
  const files = given.cert === "" ? own : given;
  try {
    return { cert: readFileSync(files.cert, "utf8"), key: readFileSync(files.key, "utf8") };
  } catch (error) {
    if (files === given) log.fatal(`failed to load TLS files: ${(error as Error).message}`, 1);
  }
  const pair = selfSigned(name, []);
  mkdirSync(folder, { recursive: true });
  writeFileSync(own.cert, pair.cert);
  writeFileSync(own.key, pair.key, { mode: 0o600 });
  log.info(`Using self-signed cert (${own.cert}, ${own.key})`);
  return pair;
}
