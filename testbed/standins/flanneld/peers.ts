import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { log } from "../common/log.ts";
import { run } from "../common/run.ts";
import type { Device } from "./device.ts";
import { contains, parseAddress } from "./ipv4.ts";
import type { Lease } from "./leases.ts";

interface FdbEntry {
  mac: string;
  dst?: string;
}

const entryOf = (lease: Lease): string => `${lease.vtepMac} dst ${lease.publicIp}`;

/**
 * What the kernel knows of the other machines: a permanent forwarding entry for each lease's VTEP, and a neighbour
 * entry for each pod address, set when the kernel asks for it.
 */
export class Peers {
  readonly #device: Device;
  #leases: Lease[] = [];
  #entries: Set<string> | undefined;
  #monitor: ChildProcess | undefined;

  constructor(device: Device) {
    this.#device = device;
  }

  /** Makes the forwarding entries those of `leases`, which are all but our own. */
  async set(leases: Lease[]): Promise<void> {
    for (const lease of leases.filter(({ backendType }) => backendType !== "vxlan")) {
      log.warning(`Ignoring non-vxlan subnet: type=${lease.backendType}`);
    }
    this.#leases = leases.filter(({ backendType }) => backendType === "vxlan");
    this.#entries ??= await this.#existing();
    const wanted = new Set(this.#leases.map(entryOf));
    const gone = [...this.#entries].filter((entry) => !wanted.has(entry)).map((entry) => `del ${entry}`);
    const fresh = [...wanted].filter((entry) => !this.#entries?.has(entry)).map((entry) => `append ${entry}`);
    this.#entries = wanted;
    if (gone.length + fresh.length === 0) return;
    const batch = [...gone, ...fresh].map((line) => {
      const [verb, mac, ...destination] = line.split(" ");
      const kind = verb === "del" ? "" : " permanent";
      return `fdb ${verb} ${mac} dev ${this.#device.name} ${destination.join(" ")} self${kind}\n`;
    });
    const done = await run("bridge", ["-force", "-batch", "-"], batch.join(""));
    if (done.status !== 0) log.error(`Add L2 failed: ${done.stderr.trim()}`);
  }

  /** Answers the kernel's questions for neighbours until `stop`. */
  watchMisses(): void {
    const monitor = spawn("ip", ["monitor", "neigh", "dev", this.#device.name], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#monitor = monitor;
    monitor.on("error", (error) => {
      log.error(`Failed to subscribe to netlink RTNLGRP_NEIGH messages: ${error.message}`);
    });
    createInterface({ input: monitor.stdout }).on("line", (line) => {
      const address = /^miss ([\d.]+) /.exec(line)?.[1];
      if (address !== undefined) void this.#answer(address);
    });
  }

  stop(): void {
    this.#monitor?.kill();
  }

  async #answer(address: string): Promise<void> {
    const number = parseAddress(address) ?? 0;
    const lease = this.#leases.find(({ subnet }) => contains(subnet, number));
    if (lease === undefined) {
      log.info(`L3 miss but route for ${address} not found`);
      return;
    }
    const entry = [address, "lladdr", lease.vtepMac, "dev", this.#device.name, "nud", "reachable"];
    const done = await run("ip", ["neigh", "replace", ...entry]);
    if (done.status !== 0) log.error(`AddL3 failed: ${done.stderr.trim()}`);
  }

  async #existing(): Promise<Set<string>> {
    const shown = await run("bridge", ["-j", "fdb", "show", "dev", this.#device.name]);
    if (shown.status !== 0) return new Set();
    const entries = JSON.parse(shown.stdout) as FdbEntry[];
    return new Set(entries.flatMap(({ mac, dst }) => (dst === undefined ? [] : [`${mac} dst ${dst}`])));
  }
}
