import { isDeepStrictEqual } from "node:util";
import { log } from "../common/log.ts";
import type { Endpoints, Service } from "../common/objects.ts";
import { run } from "../common/run.ts";
import { Turn } from "../common/turn.ts";
import { NodePorts } from "./node-ports.ts";
import { restoreInput, type Masquerading } from "./rules.ts";
import { backendsOf, type Backend } from "./services.ts";

/** Keeps iptables and the held NodePorts in step with the services and endpoints it is given. */
export class Proxier {
  readonly #masquerading: Masquerading;
  readonly #nodePorts = new NodePorts();
  readonly #turn = new Turn(() => this.#write());
  #services: Service[] | undefined;
  #endpoints: Endpoints[] | undefined;
  /** What the rules were last written for; undefined where they are to be written whatever has changed. */
  #written: Backend[] | undefined;

  constructor(masquerading: Masquerading) {
    this.#masquerading = masquerading;
  }

  services(services: Service[]): void {
    this.#services = services;
    this.#turn.ask();
  }

  endpoints(endpoints: Endpoints[]): void {
    this.#endpoints = endpoints;
    this.#turn.ask();
  }

  /** Writes the rules anew, once both lists are known. */
  sync(): void {
    this.#written = undefined;
    this.#turn.ask();
  }

  async #write(): Promise<void> {
    if (this.#services === undefined || this.#endpoints === undefined) return;
    const backends = backendsOf(this.#services, this.#endpoints);
    // Who leads is told by endpoints too, every two seconds: the real one leaves the rules alone then as well.
    if (isDeepStrictEqual(backends, this.#written)) return;
    this.#written = backends;
    this.#nodePorts.hold(backends);
    const saved = await run("iptables-save", []);
    const input = restoreInput(saved.stdout, backends, this.#masquerading);
    const done = await run("iptables-restore", ["--noflush", "--wait"], input);
    if (done.status === 0) return;
    this.#written = undefined;
    log.error(
      `Failed to execute iptables-restore: exit status ${done.status ?? "?"} (${done.stderr.trim()})`,
    );
  }
}
