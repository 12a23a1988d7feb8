import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { log } from "../common/log.ts";
import { notifyReady } from "../common/notify.ts";
import { onlyTheReal } from "../common/refusal.ts";
import { parseVxlan, type NetworkConfig } from "./config.ts";
import { configure, ensureDevice, mtuOf, type Device } from "./device.ts";
import type { ExternalInterface } from "./interface.ts";
import { showNet } from "./ipv4.ts";
import type { Lease, LeaseRegistry } from "./leases.ts";
import { masquerade } from "./masquerade.ts";
import { stay, type Keeping } from "./stay.ts";

const retryPause = 1000;
const realBackends = ["alloc", "aws-vpc", "gce", "host-gw", "udp"];

interface Settings extends Keeping {
  external: ExternalInterface;
  subnetFile: string;
  ipMasq: boolean;
}

interface Membership {
  config: NetworkConfig;
  device: Device;
  lease: Lease;
}

/** A member of the network until the signal aborts; with a new lease where the old one was revoked. Never throws. */
export async function runNetwork(settings: Settings, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const membership = await joinNetwork(settings, signal);
    if (membership === undefined) return;
    log.info(`Lease acquired: ${showNet(membership.lease.subnet)}`);
    await announce(settings, membership);
    const { device, lease } = membership;
    await stay(settings, device, lease, signal);
    if (settings.ipMasq) await masquerade("-D", membership.config.network).catch(logError);
  }
}

/** Tries every second until it works: undefined where the signal aborted. */
async function joinNetwork(settings: Settings, signal: AbortSignal): Promise<Membership | undefined> {
  while (!signal.aborted) {
    try {
      return await tryToJoin(settings);
    } catch (error) {
      logError(error);
      await pause(retryPause, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

async function tryToJoin({ registry, external, ipMasq }: Settings): Promise<Membership> {
  const config = await doing("retrieve network config", registry.config());
  const type = config.backendType.toLowerCase();
  if (type !== "vxlan") {
    if (realBackends.includes(type)) onlyTheReal("flanneld", `the backend ${type}`);
    throw new Error(`failed to create and initialize network: unknown backend type: ${type}`);
  }
  const { device, lease } = await doing("register network", register(config, registry, external));
  if (ipMasq) await doing("set up IP Masquerade", masquerade("-A", config.network));
  return { config, device, lease };
}

async function register(
  config: NetworkConfig,
  registry: LeaseRegistry,
  external: ExternalInterface,
): Promise<{ device: Device; lease: Lease }> {
  const device = await ensureDevice(parseVxlan(config), external, log);
  const lease = await doing("acquire lease", registry.acquire(config, external.publicAddress, device.mac));
  await configure(device, lease.subnet, config.network);
  return { device, lease };
}

/** Writes the subnet file in one go, then tells systemd: docker starts after both. */
async function announce(
  { subnetFile, ipMasq }: Settings,
  { config, device, lease }: Membership,
): Promise<void> {
  const { address, length } = lease.subnet;
  const lines = [
    `FLANNEL_NETWORK=${showNet(config.network)}`,
    `FLANNEL_SUBNET=${showNet({ address: address + 1, length })}`,
    `FLANNEL_MTU=${mtuOf(device)}`,
    `FLANNEL_IPMASQ=${ipMasq}`,
  ];
  try {
    const folder = dirname(subnetFile);
    mkdirSync(folder, { recursive: true });
    const unfinished = join(folder, `.${basename(subnetFile)}`);
    writeFileSync(unfinished, `${lines.join("\n")}\n`);
    renameSync(unfinished, subnetFile);
  } catch (error) {
    log.warning(` failed to write subnet file: ${(error as Error).message}`);
    return;
  }
  await notifyReady();
}

async function doing<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(`failed to ${what}: ${(error as Error).message}`, { cause: error });
  }
}

function logError(error: unknown): void {
  log.error((error as Error).message);
}
