import { parseFlags } from "../common/flags.ts";
import { Leader } from "../common/leader.ts";
import { log } from "../common/log.ts";
import { masterOf } from "../common/master.ts";
import { takeName } from "../common/name.ts";
import { serve } from "../common/serve.ts";
import { startControllers } from "./controllers.ts";

takeName("kube-controller-manager");

async function main(): Promise<void> {
  const flags = parseFlags("kube-controller-manager", process.argv.slice(2));
  const api = masterOf(flags);
  try {
    await serve({ address: flags.text("address"), port: flags.int("port"), routes: {} });
  } catch (error) {
    log.fatal(error instanceof Error ? error.message : String(error));
  }
  const leader = new Leader(api, "kube-controller-manager", flags);
  await leader.acquire();
  void startControllers(api, flags);
  await leader.lost();
  log.fatal("leaderelection lost");
}

void main();
