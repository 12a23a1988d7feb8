import { parseFlags } from "../common/flags.ts";
import { Leader } from "../common/leader.ts";
import { log } from "../common/log.ts";
import { masterOf } from "../common/master.ts";
import { takeName } from "../common/name.ts";
import { serve } from "../common/serve.ts";
import { Scheduler } from "./scheduler.ts";

takeName("kube-scheduler");

async function main(): Promise<void> {
  const flags = parseFlags("kube-scheduler", process.argv.slice(2));
  const api = masterOf(flags);
  try {
    await serve({ address: flags.text("address"), port: flags.int("port"), routes: {} });
  } catch (error) {
    log.fatal(error instanceof Error ? error.message : String(error));
  }
  const leader = new Leader(api, "kube-scheduler", flags);
  await leader.acquire();
  new Scheduler(api, flags.text("scheduler-name")).start();
  await leader.lost();
  log.fatal("lost master");
}

void main();
