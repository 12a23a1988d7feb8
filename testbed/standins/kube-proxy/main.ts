import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { ApiClient } from "../common/api.ts";
import { parseFlags, type Flags } from "../common/flags.ts";
import { log } from "../common/log.ts";
import { takeName } from "../common/name.ts";
import { answer, serve } from "../common/serve.ts";
import { Proxier } from "./proxier.ts";
import type { Endpoints, Service } from "../common/objects.ts";

takeName("kube-proxy");

async function main(flags: Flags): Promise<void> {
  if (!flags.given("master")) {
    log.warning(
      "Neither --kubeconfig nor --master was specified.  Using default API client.  This might not work.",
    );
    process.stderr.write("invalid configuration: no configuration has been provided\n");
    process.exit(1);
  }
  const api = new ApiClient(flags.text("master"));
  const node = (flags.text("hostname-override") || hostname()).trim().toLowerCase();
  await greet(api, node, flags);
  setSysctls();
  await serveHealth(flags);

  const proxier = new Proxier({
    mark: 2 ** flags.int("iptables-masquerade-bit"),
    all: flags.bool("masquerade-all"),
    clusterCidr: flags.text("cluster-cidr"),
  });
  const stop = new AbortController();
  const lost = (kind: string) => (error: Error) => {
    log.error(`Failed to list *api.${kind}: ${error.message}`);
  };
  const asServices = (items: Service[]) => {
    proxier.services(items);
  };
  const asEndpoints = (items: Endpoints[]) => {
    proxier.endpoints(items);
  };
  void api.watch<Service>("/api/v1/services", asServices, stop.signal, lost("Service"));
  void api.watch<Endpoints>("/api/v1/endpoints", asEndpoints, stop.signal, lost("Endpoints"));
  // Somebody else may have flushed the tables: docker does when it starts.
  setInterval(() => {
    proxier.sync();
  }, flags.duration("iptables-sync-period"));
}

/** Asks for its own node, and does without: the node may not be registered yet. */
async function greet(api: ApiClient, node: string, flags: Flags): Promise<void> {
  try {
    await api.get(`/api/v1/nodes/${node}`);
    log.info("Using iptables Proxier.");
  } catch (error) {
    const reason = (error as Error).message;
    log.error(`Can't get Node "${node}", assuming iptables proxy, err: ${reason}`);
    log.info("Using iptables Proxier.");
    log.warning(`Failed to retrieve node info: ${reason}`);
    log.warning("invalid nodeIP, initialize kube-proxy with 127.0.0.1 as nodeIP");
  }
  if (!flags.given("cluster-cidr")) {
    log.warning("clusterCIDR not specified, unable to distinguish between internal and external traffic");
  }
  log.info("Tearing down userspace rules.");
}

function setSysctls(): void {
  try {
    writeFileSync("/proc/sys/net/ipv4/conf/all/route_localnet", "1");
  } catch (error) {
    log.fatal(`can't set sysctl net/ipv4/conf/all/route_localnet: ${(error as Error).message}`, 1);
  }
  let bridged = "";
  try {
    bridged = readFileSync("/proc/sys/net/bridge/bridge-nf-call-iptables", "utf8").trim();
  } catch {
    // The module is not loaded.
  }
  if (bridged !== "1") {
    const problem = "missing br-netfilter module or unset sysctl br-nf-call-iptables";
    log.info(`${problem}; proxy may not work as intended`);
  }
}

async function serveHealth(flags: Flags): Promise<void> {
  const port = flags.int("healthz-port");
  if (port <= 0) return;
  try {
    await serve({
      address: flags.text("healthz-bind-address"),
      port,
      routes: {
        "/proxyMode": (_request, response) => {
          answer(response, "iptables");
        },
      },
    });
  } catch (error) {
    log.error(`Starting health server failed: ${(error as Error).message}`);
  }
}

void main(parseFlags("kube-proxy", process.argv.slice(2)));
