import { createServer, type Server } from "node:net";
import { log } from "../common/log.ts";
import type { Backend } from "./services.ts";

/**
 * Holds every NodePort with a listening socket of this process, so that nobody else takes it. Packets for a service
 * with pods never reach the socket; without pods, a connection is taken and never answered, as with the real one.
 */
export class NodePorts {
  readonly #held = new Map<number, Server>();

  hold(backends: Backend[]): void {
    const wanted = new Map(backends.filter(holdable).map((backend) => [backend.nodePort, backend.name]));
    for (const [port, server] of this.#held) {
      if (wanted.has(port)) continue;
      server.close();
      this.#held.delete(port);
    }
    for (const [port, name] of wanted) if (!this.#held.has(port)) this.#open(port, name);
  }

  #open(port: number, name: string): void {
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      socket.on("error", () => undefined);
      server.once("close", () => socket.destroy());
    });
    server.on("error", (error) => {
      this.#held.delete(port);
      log.error(`can't open "nodePort for ${name}" (:${port}/tcp), skipping this nodePort: ${error.message}`);
    });
    // Without a host Node listens on [::] and takes IPv4 too, as Go does.
    server.listen(port, () => {
      log.info(`Opened local port "nodePort for ${name}" (:${port}/tcp)`);
    });
    this.#held.set(port, server);
  }
}

function holdable({ nodePort, protocol }: Backend): boolean {
  return nodePort !== 0 && protocol === "tcp";
}
