import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { ApiClient } from "../common/api.ts";
import { parseFlags, type Flags } from "../common/flags.ts";
import { log } from "../common/log.ts";
import { takeName } from "../common/name.ts";
import type { Service } from "../common/objects.ts";
import { nodeAddress } from "./address.ts";
import { Docker } from "./docker.ts";
import { Images } from "./images.ts";
import type { NodeFacts } from "./node.ts";
import { label, type KubeletPod } from "./pod.ts";
import { Pods } from "./pods.ts";
import { heartbeat, register } from "./registration.ts";
import { openPorts } from "./servers.ts";
import { Volumes } from "./volumes.ts";

takeName("kubelet");

const dockerPause = 1000;

async function main(flags: Flags): Promise<void> {
  const name = (flags.text("hostname-override") || hostname()).trim().toLowerCase();
  const docker = new Docker(flags.text("docker-endpoint"));
  const [server] = flags.list("api-servers");
  if (server === undefined) log.warning("No API client: no api servers specified");
  log.info(`Connecting to docker on ${flags.text("docker-endpoint")}`);
  let list = (): KubeletPod[] => [];
  await openPorts(flags, name, () => list());
  if (server === undefined) {
    log.warning("No api server defined - no events will be sent to API server.");
    log.info("Starting kubelet main sync loop.");
    return;
  }
  const api = new ApiClient(server);
  const address = await nodeAddress(name, flags.text("node-ip")).catch((error: unknown) =>
    log.fatal((error as Error).message, 1),
  );
  let services: Service[] | undefined;
  const pods = new Pods({
    docker,
    api,
    images: new Images(docker),
    volumes: new Volumes(api, flags.text("root-dir")),
    infraImage: flags.text("pod-infra-container-image"),
    hostIP: address,
    services: () => services,
  });
  list = () => pods.list;
  const facts = async (): Promise<NodeFacts> => ({
    name,
    address,
    maxPods: flags.int("max-pods"),
    port: flags.int("port"),
    docker: await docker.version().catch(() => undefined),
  });
  void keepRegistered(api, facts, flags);
  void followDocker(docker, pods);
  const stop = new AbortController();
  const lost = (kind: string) => (error: Error) => {
    log.error(`Failed to list *api.${kind}: ${error.message}`);
  };
  const onServices = (all: Service[]) => {
    const first = services === undefined;
    services = all;
    if (first) pods.lookAtAll();
  };
  const onPods = (all: KubeletPod[]) => {
    pods.set(all);
  };
  const mine = `/api/v1/pods?fieldSelector=spec.nodeName%3D${name}`;
  void api.watch<Service>("/api/v1/services", onServices, stop.signal, lost("Service"));
  void api.watch<KubeletPod>(mine, onPods, stop.signal, lost("Pod"));
  setInterval(() => {
    pods.lookAtAll();
  }, flags.duration("sync-frequency"));
  log.info("Starting kubelet main sync loop.");
}

/** Registers, then says every ten seconds that it lives. */
async function keepRegistered(api: ApiClient, facts: () => Promise<NodeFacts>, flags: Flags): Promise<void> {
  if (flags.bool("register-node")) await register(api, facts, flags.bool("register-schedulable"));
  for (;;) {
    await heartbeat(api, await facts());
    await pause(flags.duration("node-status-update-frequency"));
  }
}

/** Hears of each container that ends; after docker was away, looks at all of them. */
async function followDocker(docker: Docker, pods: Pods): Promise<void> {
  const onReady = () => {
    pods.lookAtAll();
  };
  const onDied = (labels: Record<string, string>) => {
    pods.died(labels[label.uid] ?? "");
  };
  for (;;) {
    try {
      await docker.deaths(onReady, onDied, new AbortController().signal);
    } catch (error) {
      log.error(`Container runtime sanity check failed: ${(error as Error).message}`);
    }
    await pause(dockerPause);
  }
}

void main(parseFlags("kubelet", process.argv.slice(2)));
