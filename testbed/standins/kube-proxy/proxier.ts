import { log } from "../common/log.ts";
import type { Endpoints, Service } from "../common/objects.ts";
import { run } from "../common/run.ts";
import { Turn } from "../common/turn.ts";
import { NodePorts } from "./node-ports.ts";
import { restoreInput, type Masquerading } from "./rules.ts";
import { backendsOf } from "./services.ts";

/** Keeps iptables and the held NodePorts in step with the services and endpoints it is given. */
export class Proxier {
  readonly #masquerading: Masquerading;
  readonly #nodePorts = new NodePorts();
  readonly #turn = new Turn(() => this.#write());
  #services: Service[] | undefined;
  #endpoints: Endpoints[] | undefined;

  constructor(masquerading: Masquerading) {
    this.#masquerading = masquerading;
  }

  services(services: Service[]): void {
    this.#services = services;
    this.sync();
  }

  endpoints(endpoints: Endpoints[]): void {
    this.#endpoints = endpoints;
    this.sync();
  }

  /** Writes the rules, once both lists are known. */
  sync(): void {
    this.#turn.ask();
  }

  async #write(): Promise<void> {
    if (this.#services === undefined || this.#endpoints === undefined) return;
    const backends = backendsOf(this.#services, this.#endpoints);
    this.#nodePorts.hold(backends);
    const saved = await run("iptables-save", []);
    const input = restoreInput(saved.stdout, backends, this.#masquerading);
    const done = await run("iptables-restore", ["--noflush", "--wait"], input);
    if (done.status === 0) return;
    log.error(
      `Failed to execute iptables-restore: exit status ${done.status ?? "?"} (${done.stderr.trim()})`,
    );
  }
}
