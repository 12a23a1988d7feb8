import type { IncomingMessage, ServerResponse } from "node:http";
import { wholeOf } from "../common/exchange.ts";
import { log } from "../common/log.ts";
import type { ApiObject } from "../common/objects.ts";
import type { Changes } from "./changes.ts";
import { componentStatus, type componentsOf } from "./components.ts";
import { discover } from "./discovery.ts";
import { badRequest, Failure, notSupported, unknownPath } from "./failure.ts";
import { remove, type DeleteOptions } from "./remove.ts";
import { apiVersionOf } from "./resources.ts";
import { routeOf, type Route } from "./route.ts";
import { chosenBy } from "./selectors.ts";
import { bind, finalize, rescale, scaleOf } from "./subresources.ts";
import { create, patching, replacing, rewrite, type Cluster } from "./verbs.ts";
import { watch } from "./watch.ts";

interface Answer {
  code?: number;
  body: object;
}

interface Served extends Cluster {
  changes: Changes;
  components: ReturnType<typeof componentsOf>;
}

const success = (code = 200): Answer => ({
  code,
  body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code },
});

function send(response: ServerResponse, { code = 200, body }: Answer): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(code, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

function sendFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  if (error instanceof Failure) {
    const { retryAfterSeconds } = error.details;
    if (retryAfterSeconds !== undefined) response.setHeader("Retry-After", String(retryAfterSeconds));
    send(response, { code: error.code, body: error.status() });
    return;
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error(`apiserver received an error that is not an unversioned.Status: ${message}`);
  send(response, { code: 500, body: new Failure(500, "", message).status() });
}

async function bodyOf<T>(request: IncomingMessage): Promise<T> {
  const text = await wholeOf(request);
  try {
    return JSON.parse(text || "{}") as T;
  } catch (error) {
    throw badRequest(`error decoding: ${error instanceof Error ? error.message : ""}`);
  }
}

async function objectOf(request: IncomingMessage): Promise<ApiObject> {
  const object = await bodyOf<Partial<ApiObject>>(request);
  return { ...object, metadata: object.metadata ?? { name: "" } };
}

/** Answers requests for what the cluster keeps. */
export class Server {
  readonly #served: Served;

  constructor(served: Served) {
    this.#served = served;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#answer(request, response).then(
      (answer) => {
        if (answer !== undefined) send(response, answer);
      },
      (error: unknown) => {
        sendFailure(response, error);
      },
    );
  }

  /** Undefined where the answer goes its own way. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<Answer | undefined> {
    const url = new URL(request.url ?? "/", "http://apiserver");
    const path = url.pathname.replace(/(.)\/$/, "$1");
    const found = discover(path, request.headers.host ?? "");
    if (found !== undefined) return { body: found };
    const component = /^\/api\/v1\/componentstatuses(?:\/([^/]+))?$/.exec(path);
    if (component !== null)
      return { body: await componentStatus(this.#served.components, component[1] ?? "") };
    const route = routeOf(url);
    if (route === undefined) throw unknownPath();
    if (route.watching && request.method === "GET") {
      await watch(this.#served.store, this.#served.changes, route, request, response);
      return undefined;
    }
    return this.#verb(route, request);
  }

  #verb(route: Route, request: IncomingMessage): Promise<Answer> {
    const { method = "" } = request;
    if (method === "GET") return this.#read(route);
    if (method === "POST") return this.#create(route, request);
    if ((method === "PUT" || method === "PATCH") && route.name !== "") return this.#change(route, request);
    if (method === "DELETE" && route.subresource === "") return this.#remove(route, request);
    throw notSupported(method.toLowerCase(), route.resource);
  }

  async #read(route: Route): Promise<Answer> {
    const { resource, namespace, name, subresource, query } = route;
    if (name !== "") {
      const object = await this.#served.store.get(route);
      return { body: subresource === "scale" ? scaleOf(object) : object };
    }
    const { items, index } = await this.#served.store.list(resource, namespace);
    const chosen = chosenBy(query);
    const shown = chosen === undefined ? items : items.filter(chosen);
    // In a list only the list has a kind.
    for (const item of shown) {
      delete item.kind;
      delete item.apiVersion;
    }
    return {
      body: {
        kind: `${resource.kind}List`,
        apiVersion: apiVersionOf(resource),
        metadata: { resourceVersion: String(index) },
        items: shown,
      },
    };
  }

  async #create(route: Route, request: IncomingMessage): Promise<Answer> {
    if (route.subresource === "binding") {
      await bind(this.#served, route, await bodyOf(request));
      return success(201);
    }
    const { resource, namespace, name } = route;
    if (name !== "" || (resource.namespaced && namespace === "")) throw notSupported("create", resource);
    return { code: 201, body: await create(this.#served, route, await objectOf(request)) };
  }

  async #change(route: Route, request: IncomingMessage): Promise<Answer> {
    const { subresource } = route;
    const type = (request.headers["content-type"] ?? "").replace(/;.*/, "");
    const how =
      request.method === "PATCH"
        ? patching(type, await bodyOf(request))
        : replacing(route, await objectOf(request));
    if (subresource === "scale") return { body: await rescale(this.#served, route, how) };
    if (subresource === "finalize") {
      const current = await this.#served.store.get(route);
      return { body: await finalize(this.#served, route, how(current)) };
    }
    return { body: await rewrite(this.#served, route, how, subresource === "status") };
  }

  async #remove(route: Route, request: IncomingMessage): Promise<Answer> {
    const options = await bodyOf<DeleteOptions>(request);
    if (route.name !== "") {
      const left = await remove(this.#served, route, options);
      return left === undefined ? success() : { body: left };
    }
    const list = await this.#read(route);
    const { items } = list.body as { items: ApiObject[] };
    for (const { metadata } of items) {
      await remove(this.#served, { ...route, name: metadata.name }, options);
    }
    return list;
  }
}
