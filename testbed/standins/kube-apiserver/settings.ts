import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { Flags } from "../common/flags.ts";
import { log } from "../common/log.ts";
import { onlyTheReal } from "../common/refusal.ts";
import { knownPlugins, pluginsOfTheReal } from "./admission.ts";
import { PortRange, ServiceRange } from "./ranges.ts";
import { Tokens } from "./tokens.ts";

export interface Settings {
  etcdServers: string[];
  etcdPrefix: string;
  /** Seconds. */
  eventTtl: number;
  addresses: ServiceRange;
  ports: PortRange;
  plugins: string[];
  /** What the `kubernetes` service's endpoint is. */
  publicAddress: string;
  tokens: Tokens;
  insecure: { address: string; port: number };
  secure: { address: string; port: number };
  certificate: { folder: string; cert: string; key: string };
}

/** The IPv4 address of the interface that has the default route. */
function defaultAddress(): string {
  const routes = readFileSync("/proc/net/route", "utf8").split("\n").slice(1);
  const [name = ""] = routes.map((route) => route.split("\t")).find((route) => route[1] === "00000000") ?? [];
  const address = networkInterfaces()[name]?.find(({ family, internal }) => family === "IPv4" && !internal);
  return (
    address?.address ??
    log.fatal(
      "Unable to find suitable network address.error='Unable to select an IP.' . " +
        "Try to set the AdvertiseAddress directly or provide a valid BindAddress to fix this.",
    )
  );
}

function publicAddress(flags: Flags): string {
  for (const flag of ["advertise-address", "bind-address"]) {
    const given = flags.text(flag);
    if (given && given !== "0.0.0.0" && !(flag === "bind-address" && given.startsWith("127."))) return given;
  }
  return defaultAddress();
}

function ended<T>(what: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    return log.fatal(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Ends the process where 1.5.2 would, in its order and words (facts/kubernetes-1.5.2.md §e.3, §e.12). */
export function readSettings(flags: Flags): Settings {
  const etcdServers = flags.list("etcd-servers");
  if (etcdServers.length === 0) log.fatal("--etcd-servers must be specified");
  const range = flags.text("service-cluster-ip-range");
  if (range === "") {
    log.fatal("Validate server run options failed: No --service-cluster-ip-range specified");
  }
  const reported = publicAddress(flags);
  log.info(`Will report ${reported} as public IP address.`);
  const addresses = ended("Error determining service IP ranges", () => new ServiceRange(range));
  const given = flags.list("service-account-key-file");
  const tlsKey = flags.text("tls-private-key-file");
  const folder = flags.text("cert-dir");
  const keyFiles = given.length > 0 || tlsKey === "" ? given : [tlsKey];
  const tokens = ended("Invalid Authentication Config", () => new Tokens(keyFiles));
  const plugins = flags
    .text("admission-control")
    .split(",")
    .filter((name) => name !== "");
  for (const name of plugins)
    if (!knownPlugins.includes(name)) log.fatal(`Unknown admission plugin: ${name}`);
  const beyond = plugins.find((name) => pluginsOfTheReal.includes(name));
  if (beyond !== undefined) onlyTheReal("kube-apiserver", `--admission-control=${beyond}`);
  return {
    etcdServers,
    etcdPrefix: flags.text("etcd-prefix").replace(/^\/*/, "/"),
    eventTtl: Math.round(flags.duration("event-ttl") / 1000),
    addresses,
    ports: new PortRange(flags.text("service-node-port-range")),
    plugins,
    publicAddress: reported,
    tokens,
    insecure: { address: flags.text("insecure-bind-address"), port: flags.int("insecure-port") },
    secure: { address: flags.text("bind-address"), port: flags.int("secure-port") },
    certificate: {
      folder,
      cert: flags.text("tls-cert-file") || `${folder}/apiserver.crt`,
      key: tlsKey || `${folder}/apiserver.key`,
    },
  };
}
