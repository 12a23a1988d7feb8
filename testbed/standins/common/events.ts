import { ApiError, type ApiClient, type Meta } from "./api.ts";
import { log } from "./log.ts";
import { timestamp } from "./objects.ts";

/** What an event is about; objects from a list do not say their kind themselves. */
interface About {
  kind: string;
  metadata: Meta;
}

interface Told {
  path: string;
  count: number;
}

const remembered = 200;

/** Tells the cluster what happened to an object; the same again is counted, not told anew. */
export class EventRecorder {
  readonly #api: ApiClient;
  readonly #component: string;
  readonly #told = new Map<string, Promise<Told>>();

  constructor(api: ApiClient, component: string) {
    this.#api = api;
    this.#component = component;
  }

  /** Never fails: an event that cannot be told is only logged. */
  record(about: About, type: "Normal" | "Warning", reason: string, message: string): void {
    const { name, namespace = "", uid = "" } = about.metadata;
    const what = `${about.kind} ${namespace}/${name}`;
    log.info(`Event(${what}): type: '${type}' reason: '${reason}' ${message}`);
    const key = [what, uid, type, reason, message].join("\n");
    const before = this.#told.get(key);
    const now = before === undefined ? this.#tell(about, type, reason, message) : this.#again(before);
    this.#told.set(key, now);
    if (this.#told.size > remembered) this.#told.delete(this.#told.keys().next().value ?? "");
    now.catch((error: unknown) => {
      this.#told.delete(key);
      if (!(error instanceof ApiError)) throw error;
      log.error(`Unable to write event: '${error.message}' (may retry after sleeping)`);
    });
  }

  async #tell({ kind, metadata }: About, type: string, reason: string, message: string): Promise<Told> {
    const { name, namespace = "default", uid, resourceVersion } = metadata;
    const now = timestamp();
    const folder = `/api/v1/namespaces/${namespace}/events`;
    const own = `${name}.${process.hrtime.bigint().toString(16)}`;
    const apiVersion = kind === "Deployment" || kind === "ReplicaSet" ? "extensions/v1beta1" : "v1";
    await this.#api.create(folder, {
      metadata: { name: own, namespace },
      involvedObject: { kind, namespace, name, uid, apiVersion, resourceVersion },
      reason,
      message,
      source: { component: this.#component },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
    });
    return { path: `${folder}/${own}`, count: 1 };
  }

  async #again(before: Promise<Told>): Promise<Told> {
    const { path, count } = await before;
    await this.#api.patch(path, { count: count + 1, lastTimestamp: timestamp() });
    return { path, count: count + 1 };
  }
}
