import { parseFlags } from "../common/flags.ts";
import { log } from "../common/log.ts";
import { onlyTheReal } from "../common/refusal.ts";
import { EtcdV2 } from "../common/etcd.ts";
import { takeName } from "../common/name.ts";
import { externalInterface, type ExternalInterface } from "./interface.ts";
import { LeaseRegistry } from "./leases.ts";
import { runNetwork } from "./network.ts";

takeName("flanneld");

const flags = parseFlags("flanneld", process.argv.slice(2));

function fail(message: string): never {
  log.error(message);
  process.exit(1);
}

function findInterface(): ExternalInterface {
  try {
    return externalInterface(flags.text("iface"), flags.text("public-ip"), log);
  } catch (error) {
    fail(`Failed to create NetworkManager: ${(error as Error).message}`);
  }
}

function connect(): EtcdV2 {
  try {
    return new EtcdV2(flags.text("etcd-endpoints").split(","));
  } catch (error) {
    fail(`Failed to create SubnetManager: ${(error as Error).message}`);
  }
}

const etcd = connect();
log.info("Installing signal handlers");
const external = findInterface();
if (external.address.startsWith("127.")) onlyTheReal("flanneld", `-iface=${flags.text("iface")}`);
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    log.info("Exiting...");
    stop.abort();
  });
}
void runNetwork(
  {
    etcd,
    registry: new LeaseRegistry(etcd, flags.text("etcd-prefix"), log),
    external,
    subnetFile: flags.text("subnet-file"),
    ipMasq: flags.bool("ip-masq"),
    renewMargin: flags.int("subnet-lease-renew-margin") * 60_000,
  },
  stop.signal,
).then(() => process.exit(0));
