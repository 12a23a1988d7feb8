import { log } from "../common/log.ts";
import { run } from "../common/run.ts";
import { NodePorts } from "./node-ports.ts";
import { restoreInput, type Masquerading } from "./rules.ts";
import { backendsOf, type Endpoints, type Service } from "./services.ts";

/** Keeps iptables and the held NodePorts in step with the services and endpoints it is given. */
export class Proxier {
  readonly #masquerading: Masquerading;
  readonly #nodePorts = new NodePorts();
  #services: Service[] | undefined;
  #endpoints: Endpoints[] | undefined;
  #running: Promise<void> | undefined;
  #again = false;

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

  /** Writes the rules once both lists are known; what comes while it writes is written right after. */
  sync(): void {
    this.#again = true;
    this.#running ??= this.#work().finally(() => (this.#running = undefined));
  }

  async #work(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      if (this.#services === undefined || this.#endpoints === undefined) return;
      const backends = backendsOf(this.#services, this.#endpoints);
      this.#nodePorts.hold(backends);
      const saved = await run("iptables-save", []);
      const input = restoreInput(saved.stdout, backends, this.#masquerading);
      const done = await run("iptables-restore", ["--noflush", "--wait"], input);
      if (done.status !== 0) {
        log.error(
          `Failed to execute iptables-restore: exit status ${done.status ?? "?"} (${done.stderr.trim()})`,
        );
      }
    }
  }
}
