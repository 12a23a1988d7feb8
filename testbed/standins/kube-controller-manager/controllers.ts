import type { ApiClient } from "../common/api.ts";
import { EventRecorder } from "../common/events.ts";
import type { Flags } from "../common/flags.ts";
import { log } from "../common/log.ts";
import { AccountController } from "./accounts.ts";
import { DeploymentController } from "./deployments.ts";
import { EndpointsController } from "./endpoints.ts";
import { Loop } from "./loop.ts";
import { follow, type Part } from "./mirror.ts";
import { NamespaceController } from "./namespaces.ts";
import { NodeController } from "./nodes.ts";
import { ReplicaSetController } from "./replicasets.ts";
import { readSigningKey, TokenController } from "./tokens.ts";

const resync = 30_000;

/** Starts every controller; each works when something it looks at changes. */
export async function startControllers(api: ApiClient, flags: Flags): Promise<void> {
  const keyFile = flags.text("service-account-private-key-file");
  const key = keyFile === "" ? undefined : signingKey(keyFile);
  // What 1.5.2 always logs on a healthy start (facts/kubernetes-1.5.2.md §e.18).
  const certificate = flags.text("cluster-signing-cert-file");
  log.error(`Failed to start certificate controller: open ${certificate}: no such file or directory`);
  log.error(
    "Failed to start service controller: WARNING: no cloud provider provided, services of type LoadBalancer will fail.",
  );
  const loops: { loop: Loop; parts: Part[] }[] = [];
  const mirror = await follow(api, (part) => {
    for (const { loop, parts } of loops) if (parts.includes(part)) loop.ask();
  });
  const add = (parts: Part[], work: () => Promise<void>): Loop => {
    const loop = new Loop(work);
    loops.push({ loop, parts });
    return loop;
  };
  const accounts = new AccountController(api, mirror);
  add(["namespaces", "accounts"], () => accounts.sync());
  if (key !== undefined) {
    const tokens = new TokenController(api, mirror, key);
    add(["accounts", "secrets"], () => tokens.sync());
  }
  const deployments = new DeploymentController(api, mirror, recorder(api, "deployment-controller"));
  add(["deployments", "replicaSets"], () => deployments.sync());
  const sets: ReplicaSetController = new ReplicaSetController(
    api,
    mirror,
    recorder(api, "replicaset-controller"),
    () => {
      filling.ask();
    },
  );
  const filling = add(["replicaSets", "pods"], () => sets.sync());
  const endpoints = new EndpointsController(api, mirror);
  add(["services", "pods", "endpoints"], () => endpoints.sync());
  const namespaces = new NamespaceController(api, mirror);
  add(["namespaces", "pods"], () => namespaces.sync());
  const nodes = new NodeController(api, mirror, recorder(api, "controllermanager"), {
    grace: flags.duration("node-monitor-grace-period"),
    startup: flags.duration("node-startup-grace-period"),
  });
  const watching = add(["nodes"], () => nodes.sync());
  const askAll = (): void => {
    for (const { loop } of loops) loop.ask();
  };
  askAll();
  setInterval(askAll, resync);
  setInterval(() => {
    watching.ask();
  }, flags.duration("node-monitor-period"));
}

const recorder = (api: ApiClient, component: string): EventRecorder => new EventRecorder(api, component);

function signingKey(file: string): ReturnType<typeof readSigningKey> {
  try {
    return readSigningKey(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return log.fatal(
      `error running controllers: Error reading key for service account token controller: ${why}`,
    );
  }
}
