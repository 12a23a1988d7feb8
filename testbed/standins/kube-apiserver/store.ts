import { EtcdError, EtcdUnavailable, etcdCode, type EtcdNode, type EtcdV2 } from "../common/etcd.ts";
import type { ApiObject } from "../common/objects.ts";
import { alreadyExists, conflict, Failure, notFound } from "./failure.ts";
import { apiVersionOf, events, type Place, type Resource } from "./resources.ts";

const attempts = 5;

/** The object in a node of etcd; its modifiedIndex is the resourceVersion. */
export function decode(node: EtcdNode, index = node.modifiedIndex): ApiObject {
  const object = JSON.parse(node.value ?? "{}") as ApiObject;
  object.metadata.resourceVersion = String(index);
  return object;
}

function encode(resource: Resource, object: ApiObject): string {
  const metadata = { ...object.metadata };
  delete metadata.resourceVersion;
  const { kind, apiVersion } = { kind: resource.kind, apiVersion: apiVersionOf(resource) };
  return JSON.stringify({ ...object, kind, apiVersion, metadata });
}

const isCode = (error: unknown, code: number): error is EtcdError =>
  error instanceof EtcdError && error.code === code;

/** Where etcd is away, requests fail with its client's words, as 1.5.2 says them: without the reasons per endpoint. */
export function etcdWords(error: unknown): string {
  if (error instanceof EtcdUnavailable) return error.message.replace(/;.*/s, "");
  return error instanceof Error ? error.message : String(error);
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof EtcdUnavailable) throw new Failure(500, "", etcdWords(error));
    throw error;
  }
}

/** The objects in etcd's v2 store, laid out as 1.5.2 lays them out. Throws Failure. */
export class Store {
  readonly #etcd: EtcdV2;
  readonly #prefix: string;
  readonly #eventTtl: number;

  /** @param eventTtl seconds an event is kept */
  constructor(etcd: EtcdV2, prefix: string, eventTtl: number) {
    this.#etcd = etcd;
    this.#prefix = prefix;
    this.#eventTtl = eventTtl;
  }

  /** The key of an object or, without a name, of the folder that holds a namespace's, or everybody's. */
  key(resource: Resource, namespace = "", name = ""): string {
    return [this.#prefix, resource.folder, namespace, name].filter((part) => part !== "").join("/");
  }

  async get(place: Place): Promise<ApiObject> {
    return decode(await this.#node(place));
  }

  /** Everything in a namespace, or everywhere, and the index from which to watch. */
  async list(resource: Resource, namespace = ""): Promise<{ items: ApiObject[]; index: number }> {
    try {
      const found = await asked(this.#etcd.get(this.key(resource, namespace), { recursive: true }));
      return { items: leaves(found.node).map((node) => decode(node)), index: found.index };
    } catch (error) {
      if (isCode(error, etcdCode.keyNotFound)) return { items: [], index: error.index };
      throw error;
    }
  }

  async create(resource: Resource, object: ApiObject): Promise<ApiObject> {
    const { name, namespace } = object.metadata;
    try {
      const key = this.key(resource, namespace, name);
      const text = encode(resource, object);
      return decode((await asked(this.#etcd.create(key, text, this.#ttl(resource)))).node);
    } catch (error) {
      if (isCode(error, etcdCode.exists)) throw alreadyExists(resource, name);
      throw error;
    }
  }

  /**
   * Replaces an object by what `change` makes of it, again on the newer one where somebody was faster. A change that
   * names a resourceVersion is made on that version or refused. A change of nothing is not written.
   */
  async modify(
    place: Place,
    change: (current: ApiObject) => ApiObject | Promise<ApiObject>,
  ): Promise<ApiObject> {
    const { resource, namespace, name } = place;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const node = await this.#node(place);
      const next = await change(decode(node));
      const wanted = next.metadata.resourceVersion;
      if (wanted !== undefined && wanted !== "" && wanted !== String(node.modifiedIndex)) {
        throw conflict(resource, name);
      }
      const text = encode(resource, next);
      if (text === node.value) return decode(node);
      try {
        const key = this.key(resource, namespace, name);
        const options = { prevIndex: node.modifiedIndex, ...this.#ttl(resource) };
        return decode((await asked(this.#etcd.set(key, text, options))).node);
      } catch (error) {
        if (isCode(error, etcdCode.keyNotFound)) throw notFound(resource, name);
        if (!isCode(error, etcdCode.compareFailed)) throw error;
      }
    }
    throw conflict(resource, name);
  }

  async remove({ resource, namespace, name }: Place): Promise<void> {
    try {
      await asked(this.#etcd.remove(this.key(resource, namespace, name)));
    } catch (error) {
      if (isCode(error, etcdCode.keyNotFound)) throw notFound(resource, name);
      throw error;
    }
  }

  async #node({ resource, namespace, name }: Place): Promise<EtcdNode> {
    try {
      return (await asked(this.#etcd.get(this.key(resource, namespace, name)))).node;
    } catch (error) {
      if (isCode(error, etcdCode.keyNotFound)) throw notFound(resource, name);
      throw error;
    }
  }

  #ttl(resource: Resource): { ttl?: number } {
    return resource === events && this.#eventTtl > 0 ? { ttl: this.#eventTtl } : {};
  }
}

function leaves(node: EtcdNode): EtcdNode[] {
  return node.dir ? (node.nodes ?? []).flatMap(leaves) : [node];
}
