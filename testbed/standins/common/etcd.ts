import http from "node:http";
import { addressOf, dialError } from "./dial.ts";
import { request, EtcdError, EtcdUnavailable, type EtcdAnswer, type EtcdNode } from "./etcd-http.ts";

export { EtcdError, EtcdUnavailable, type EtcdAnswer, type EtcdNode };

/** etcd's own error codes that callers tell apart. */
export const etcdCode = { keyNotFound: 100, compareFailed: 101, exists: 105, indexCleared: 401 } as const;

/** What `follow` yields: everything below the key, then each change; everything again where history was lost. */
export type EtcdChange =
  { kind: "everything"; nodes: EtcdNode[]; index: number } | { kind: "changed"; answer: EtcdAnswer };

interface Conditions {
  prevIndex?: number;
  prevExist?: boolean;
}

/**
 * A client of etcd's v2 API over plain HTTP with kept connections. Each call tries the endpoints in turn, the one
 * that answered last first. Calls throw EtcdError for a refusal, EtcdUnavailable when no endpoint answers.
 */
export class EtcdV2 {
  readonly #endpoints: URL[];
  readonly #agent = new http.Agent({ keepAlive: true });

  constructor(endpoints: string[]) {
    this.#endpoints = endpoints.map((endpoint) => new URL(endpoint));
  }

  get(key: string, options: { recursive?: boolean; quorum?: boolean } = {}): Promise<EtcdAnswer> {
    return this.#ask("GET", key, options);
  }

  /** Sets a value; `ttl` in seconds. With `prevIndex` or `prevExist` only where they hold (else code 101, 105, 100). */
  set(key: string, value: string, options: Conditions & { ttl?: number } = {}): Promise<EtcdAnswer> {
    const { ttl, ...conditions } = options;
    return this.#ask("PUT", key, conditions, { value, ...(ttl === undefined ? {} : { ttl }) });
  }

  /** Sets the value of a key that must not exist (else code 105). */
  create(key: string, value: string, options: { ttl?: number } = {}): Promise<EtcdAnswer> {
    return this.set(key, value, { ...options, prevExist: false });
  }

  remove(key: string, options: { recursive?: boolean; prevIndex?: number } = {}): Promise<EtcdAnswer> {
    return this.#ask("DELETE", key, options);
  }

  /**
   * Waits for one change at or after `waitIndex`, or the next one. Throws code 401 where that index is more than
   * 1000 events ago, and the signal's reason on abort.
   */
  watch(
    key: string,
    options: { recursive?: boolean; waitIndex?: number },
    signal: AbortSignal,
  ): Promise<EtcdAnswer> {
    return this.#ask("GET", key, { wait: true, ...options }, undefined, signal);
  }

  /**
   * Everything below `key` (nothing where the key is absent), then every change, without a gap. Where etcd has
   * forgotten the changes since the last one seen (code 401), everything again. Ends on abort; throws what
   * `get` and `watch` throw.
   */
  async *follow(key: string, signal: AbortSignal): AsyncGenerator<EtcdChange, void> {
    let index: number | undefined;
    for (;;) {
      try {
        if (index === undefined) {
          const listed = await this.#list(key);
          index = listed.index;
          yield { kind: "everything", ...listed };
        } else {
          const answer = await this.watch(key, { recursive: true, waitIndex: index + 1 }, signal);
          index = answer.node.modifiedIndex;
          yield { kind: "changed", answer };
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof EtcdError && error.code === etcdCode.indexCleared)) throw error;
        index = undefined;
      }
    }
  }

  async #list(key: string): Promise<{ nodes: EtcdNode[]; index: number }> {
    try {
      const { node, index } = await this.get(key, { recursive: true, quorum: true });
      return { nodes: leaves(node), index };
    } catch (error) {
      if (error instanceof EtcdError && error.code === etcdCode.keyNotFound) {
        return { nodes: [], index: error.index };
      }
      throw error;
    }
  }

  async #ask(
    method: string,
    key: string,
    query: object,
    form?: object,
    signal?: AbortSignal,
  ): Promise<EtcdAnswer> {
    const path = `/v2/keys${key.split("/").map(encodeURIComponent).join("/")}?${encode(query)}`;
    const reasons: string[] = [];
    for (const endpoint of [...this.#endpoints]) {
      try {
        const options = {
          method,
          agent: this.#agent,
          ...(form && { form: encode(form) }),
          ...(signal && { signal }),
        };
        let answer: EtcdAnswer | undefined;
        while (answer === undefined) answer = await request(new URL(path, endpoint), options);
        this.#prefer(endpoint);
        return answer;
      } catch (error) {
        if (error instanceof EtcdError) this.#prefer(endpoint);
        if (!(error instanceof Error) || error instanceof EtcdError || signal?.aborted === true) throw error;
        reasons.push(dialError(error, addressOf(endpoint)));
      }
    }
    throw new EtcdUnavailable(reasons);
  }

  #prefer(endpoint: URL): void {
    if (this.#endpoints[0] === endpoint) return;
    this.#endpoints.splice(this.#endpoints.indexOf(endpoint), 1);
    this.#endpoints.unshift(endpoint);
  }
}

function leaves(node: EtcdNode): EtcdNode[] {
  return node.dir === true ? (node.nodes ?? []).flatMap(leaves) : [node];
}

function encode(values: object): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return new URLSearchParams(
    Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  ).toString();
}
