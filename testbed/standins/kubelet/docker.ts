import http from "node:http";
import { createInterface } from "node:readline";

/** A version every docker from 1.12 to 28 speaks; below 1.40, IPC namespaces can be shared by default. */
const apiVersion = "v1.24";

/** What docker refused; `status` is 0 where docker does not answer. */
class DockerError extends Error {
  override readonly name = "DockerError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What `GET /containers/ID/json` tells, as far as it is read here. */
export interface ContainerInfo {
  Id: string;
  Created: string;
  Image: string;
  State: {
    Running: boolean;
    ExitCode: number;
    Error: string;
    OOMKilled: boolean;
    StartedAt: string;
    FinishedAt: string;
  };
  Config: { Image: string; Labels: Record<string, string> };
  HostConfig: { NetworkMode: string };
  NetworkSettings: { IPAddress: string };
}

/** Talks to docker over its socket. Calls throw DockerError. */
export class Docker {
  readonly #socketPath: string;
  readonly #agent = new http.Agent({ keepAlive: true });

  /** `endpoint` as in --docker-endpoint: unix:///var/run/docker.sock. */
  constructor(endpoint: string) {
    this.#socketPath = endpoint.replace(/^unix:\/\//, "");
  }

  /** docker's version: throws where docker is down. */
  async version(): Promise<string> {
    return (await this.#json<{ Version: string }>("GET", "/version")).Version;
  }

  /** Every container, running or not, that carries the label (`name` or `name=value`), in no order. */
  async containers(label: string): Promise<ContainerInfo[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
    const found = await this.#json<{ Id: string }[]>("GET", `/containers/json?all=1&filters=${filters}`);
    const infos = await Promise.all(found.map(({ Id }) => this.inspect(Id)));
    return infos.filter((info) => info !== undefined);
  }

  /** Undefined where there is no such container. */
  inspect(id: string): Promise<ContainerInfo | undefined> {
    return orAbsent(this.#json<ContainerInfo>("GET", `/containers/${id}/json`));
  }

  /** The id of a new container, not yet started. */
  async create(name: string, body: object): Promise<string> {
    return (await this.#json<{ Id: string }>("POST", `/containers/create?name=${name}`, body)).Id;
  }

  async start(id: string): Promise<void> {
    await this.#text("POST", `/containers/${id}/start`);
  }

  /** Ends when the container has: by itself, or killed after `grace` seconds. */
  async stop(id: string, grace: number): Promise<void> {
    await orAbsent(this.#text("POST", `/containers/${id}/stop?t=${grace}`));
  }

  async remove(id: string): Promise<void> {
    await orAbsent(this.#text("DELETE", `/containers/${id}?v=1&force=1`));
  }

  async hasImage(name: string): Promise<boolean> {
    return (await orAbsent(this.#text("GET", `/images/${name}/json`))) !== undefined;
  }

  async pull(name: string): Promise<void> {
    const progress = await this.#text(
      "POST",
      `/images/create?fromImage=${encodeURIComponent(withTag(name))}`,
    );
    for (const line of progress.split("\n").filter((text) => text.trim() !== "")) {
      const { error } = JSON.parse(line) as { error?: string };
      if (error !== undefined) throw new DockerError(500, error);
    }
  }

  /** Calls `onDied` with the labels of each container that ends, until docker goes away or the signal aborts. */
  async deaths(onReady: () => void, onDied: (labels: Record<string, string>) => void, signal: AbortSignal) {
    const filters = encodeURIComponent(JSON.stringify({ type: ["container"], event: ["die"] }));
    const response = await this.#send("GET", `/events?filters=${filters}`, undefined, signal);
    onReady();
    for await (const line of createInterface({ input: response })) {
      const { Actor } = JSON.parse(line) as { Actor: { Attributes: Record<string, string> } };
      onDied(Actor.Attributes);
    }
  }

  async #json<T>(method: string, path: string, body?: object): Promise<T> {
    return JSON.parse(await this.#text(method, path, body)) as T;
  }

  async #text(method: string, path: string, body?: object): Promise<string> {
    const response = await this.#send(method, path, body);
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += chunk as string;
    const status = response.statusCode ?? 0;
    if (status < 400) return text;
    throw new DockerError(status, `Error response from daemon: ${messageOf(text)}`);
  }

  #send(method: string, path: string, body?: object, signal?: AbortSignal): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          socketPath: this.#socketPath,
          path: `/${apiVersion}${path}`,
          method,
          // A stream, and a call that may take as long as a container's last words, have connections of their own.
          agent: signal === undefined && !path.includes("/stop") ? this.#agent : false,
          headers: body === undefined ? {} : { "Content-Type": "application/json" },
          ...(signal && { signal }),
        },
        resolve,
      );
      request.on("error", (error: Error & { code?: string }) => {
        if (request.reusedSocket && error.code === "ECONNRESET") {
          this.#send(method, path, body, signal).then(resolve, reject);
          return;
        }
        const unanswered = "Cannot connect to the Docker daemon. Is the docker daemon running on this host?";
        reject(new DockerError(0, unanswered));
      });
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DockerError && error.status === 404) return undefined;
    throw error;
  }
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text.trim();
  }
}

/** Without a tag docker would pull all of them. */
function withTag(name: string): string {
  return /[:@][^/]*$/.test(name) ? name : `${name}:latest`;
}
