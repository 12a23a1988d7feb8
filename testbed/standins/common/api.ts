import type { IncomingMessage } from "node:http";
import { setTimeout as pausing } from "node:timers/promises";
import { ApiError, exchange, wholeOf } from "./exchange.ts";

export { ApiError };

/** The metadata of any object. */
export interface Meta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  generation?: number;
  generateName?: string;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
}

interface List<T> {
  items: T[] | null;
  metadata: { resourceVersion: string };
}

interface WatchEvent<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "ERROR";
  object: T;
}

/** Gets the whole current list. */
type Observer<T> = (items: T[]) => void;

const firstPause = 250;
const longestPause = 2000;

const keyOf = ({ metadata }: { metadata: Meta }): string => `${metadata.namespace ?? ""}/${metadata.name}`;

/** Talks JSON to a kube-apiserver's insecure port. Every call throws ApiError for what is refused or unreachable. */
export class ApiClient {
  readonly #base: string;

  /** @param baseUrl e.g. http://127.0.0.1:8080; a bare host:port will do */
  constructor(baseUrl: string) {
    this.#base = /^https?:\/\//.test(baseUrl) ? baseUrl : `http://${baseUrl}`;
  }

  get<T>(path: string): Promise<T> {
    return this.#json<T>("GET", path);
  }

  async list<T>(path: string): Promise<T[]> {
    return (await this.get<List<T>>(path)).items ?? [];
  }

  create<T>(path: string, object: object): Promise<T> {
    return this.#json<T>("POST", path, object);
  }

  update<T>(path: string, object: object): Promise<T> {
    return this.#json<T>("PUT", path, object);
  }

  /** Sends a JSON merge patch. */
  patch<T>(path: string, change: object): Promise<T> {
    return this.#json<T>("PATCH", path, change, "application/merge-patch+json");
  }

  /** @param options DeleteOptions, e.g. { gracePeriodSeconds: 0 } */
  async remove(path: string, options?: object): Promise<void> {
    await this.#json("DELETE", path, options);
  }

  /**
   * Lists, then follows every change until the signal aborts. The callback always gets the whole current list, once per
   * burst of changes. Where the server is lost, onTrouble hears why and the list is taken anew after a pause.
   */
  async watch<T extends { metadata: Meta }>(
    path: string,
    onObjects: Observer<T>,
    signal: AbortSignal,
    onTrouble?: (error: ApiError) => void,
  ): Promise<void> {
    let pause = firstPause;
    while (!signal.aborted) {
      try {
        const list = await this.get<List<T>>(path);
        const known = new Map((list.items ?? []).map((item) => [keyOf(item), item]));
        onObjects([...known.values()]);
        pause = firstPause;
        await this.#follow(path, list.metadata.resourceVersion, known, onObjects, signal);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.reason === "Aborted") return;
        onTrouble?.(error);
      }
      await pausing(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, longestPause);
    }
  }

  async #follow<T extends { metadata: Meta }>(
    path: string,
    resourceVersion: string,
    known: Map<string, T>,
    onObjects: Observer<T>,
    signal: AbortSignal,
  ): Promise<void> {
    const query = `${path.includes("?") ? "&" : "?"}watch=true&resourceVersion=${resourceVersion}`;
    const url = new URL(path + query, this.#base);
    const response = await exchange({ url, method: "GET", signal });
    let pending = false;
    const tell = (): void => {
      pending = false;
      if (!signal.aborted) onObjects([...known.values()]);
    };
    for await (const line of linesOf(response)) {
      const event = JSON.parse(line) as WatchEvent<T>;
      if (event.type === "ERROR") return;
      if (event.type === "DELETED") known.delete(keyOf(event.object));
      else known.set(keyOf(event.object), event.object);
      if (!pending) setImmediate(tell);
      pending = true;
    }
  }

  async #json<T>(method: string, path: string, body?: object, contentType?: string): Promise<T> {
    const url = new URL(path, this.#base);
    const response = await exchange({ url, method, body, ...(contentType && { contentType }) });
    return JSON.parse(await wholeOf(response)) as T;
  }
}

/** Whole lines as they come; ends where the answer ends, however it ends. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of response.setEncoding("utf8")) {
      const parts = (rest + (chunk as string)).split("\n");
      rest = parts.pop() ?? "";
      yield* parts.filter((part) => part !== "");
    }
  } catch {
    // A connection cut short is the same loss as one that ended.
  }
}
