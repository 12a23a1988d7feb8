import type { IncomingMessage, ServerResponse } from "node:http";
import { EtcdV2 } from "../common/etcd.ts";
import { parseFlags } from "../common/flags.ts";
import { log } from "../common/log.ts";
import { takeName } from "../common/name.ts";
import { notifyReady } from "../common/notify.ts";
import { answer, serve } from "../common/serve.ts";
import { Admission } from "./admission.ts";
import { bootstrap } from "./bootstrap.ts";
import { certificateFor } from "./certificate.ts";
import { Changes } from "./changes.ts";
import { componentsOf } from "./components.ts";
import { readSettings } from "./settings.ts";
import { Server } from "./server.ts";
import { ServiceAllocator } from "./services.ts";
import { etcdWords, Store } from "./store.ts";

takeName("kube-apiserver");

async function main(): Promise<void> {
  const settings = readSettings(parseFlags("kube-apiserver", process.argv.slice(2)));
  const { insecure, secure, tokens } = settings;
  const etcd = new EtcdV2(settings.etcdServers);
  const store = new Store(etcd, settings.etcdPrefix, settings.eventTtl);
  const allocator = new ServiceAllocator(store, settings.addresses, settings.ports);
  const cluster = { store, allocator, admission: new Admission(store, settings.plugins) };
  const changes = new Changes(etcd, settings.etcdPrefix);
  const server = new Server({ ...cluster, changes, components: componentsOf(settings.etcdServers) });
  let healthy = false;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url?.startsWith("/healthz") !== true) server.handle(request, response);
    else if (healthy) answer(response, "ok");
    else
      answer(
        response,
        "[-]poststarthook/bootstrap-controller failed: not finished\nhealthz check failed\n",
        500,
      );
  };
  const guarded = (request: IncomingMessage, response: ServerResponse): void => {
    if (tokens.accepts(request.headers.authorization)) handle(request, response);
    else answer(response, "Unauthorized\n", 401);
  };
  const listen = async (how: Parameters<typeof serve>[0]): Promise<void> => {
    try {
      await serve(how);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.fatal(`failed to listen on ${how.address}:${how.port}: ${why}`);
    }
  };
  if (secure.port !== 0) {
    const tls = certificateFor(settings);
    log.info(`Serving securely on ${secure.address}:${secure.port}`);
    await listen({ ...secure, routes: { "*": guarded, "/healthz": guarded }, tls });
  }
  if (insecure.port !== 0) {
    log.info(`Serving insecurely on ${insecure.address}:${insecure.port}`);
    await listen({ ...insecure, routes: { "*": handle, "/healthz": handle } });
  }
  void changes.run(new AbortController().signal);
  const notified = notifyReady();
  try {
    await bootstrap(cluster, settings);
    healthy = true;
  } catch (error) {
    // The unit counts as started all the same: a check of its port or its start alone is fooled.
    await notified;
    const why = etcdWords(error);
    log.fatal(
      `Unable to perform initial IP allocation check: unable to refresh the service IP block: ${why}`,
    );
  }
}

process.on("SIGTERM", () => process.exit(0));
void main();
