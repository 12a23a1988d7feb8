import { ApiClient } from "./api.ts";
import type { Flags } from "./flags.ts";
import { log } from "./log.ts";

/**
 * The client for --master. Without it (nor a kubeconfig) ends the process as the real daemons end, by 1.5.1's source:
 * not inside a pod there is nothing to fall back to.
 */
export function masterOf(flags: Flags): ApiClient {
  const master = flags.text("master");
  if (master !== "") return new ApiClient(master);
  log.warning(
    "Neither --kubeconfig nor --master was specified.  Using the inClusterConfig.  This might not work.",
  );
  log.warning(
    "error creating inClusterConfig, falling back to default config: unable to load in-cluster configuration, " +
      "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined",
  );
  const message = "invalid configuration: no configuration has been provided";
  process.stderr.write(`Error: ${message}\n${message}\n`);
  process.exit(1);
}
