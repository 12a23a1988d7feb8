import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiObject } from "../common/objects.ts";
import type { Change, Changes } from "./changes.ts";
import { Failure } from "./failure.ts";
import type { Route } from "./route.ts";
import { chosenBy } from "./selectors.ts";
import type { Store } from "./store.ts";

type Told = [type: "ADDED" | "MODIFIED" | "DELETED", object: ApiObject];

/** What a change is to somebody who sees only the chosen objects. */
function told({ now, before }: Change, chosen: (object: ApiObject) => boolean): Told | undefined {
  const is = now !== undefined && chosen(now);
  const was = before !== undefined && chosen(before);
  if (is) return [was ? "MODIFIED" : "ADDED", now];
  return was ? ["DELETED", before] : undefined;
}

/**
 * Streams every change after the version asked for, one JSON object a line; without a version what there is comes first,
 * as added. Ends when the client goes, its time is up, or etcd is lost.
 */
export async function watch(
  store: Store,
  changes: Changes,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { resource, namespace, query } = route;
  const chosen = chosenBy(query) ?? (() => true);
  const folder = `${store.key(resource, namespace)}/`;
  const write = (type: string, object: object): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const version = query.get("resourceVersion") ?? "";
  const start = version === "" || version === "0" ? await store.list(resource, namespace) : undefined;
  const index = start?.index ?? Number(version);
  response.writeHead(200, { "Content-Type": "application/json" });
  response.flushHeaders();
  for (const object of start?.items ?? []) if (chosen(object)) write("ADDED", object);
  const onChange = (change: Change): void => {
    if (!change.key.startsWith(folder)) return;
    const event = told(change, chosen);
    if (event !== undefined) write(...event);
  };
  const stop = changes.follow(index, {
    onChange,
    onLost: () => {
      response.end();
    },
  });
  if (stop === undefined) {
    write("ERROR", new Failure(410, "Gone", `too old resource version: ${index}`).status());
    response.end();
    return;
  }
  const seconds = Number(query.get("timeoutSeconds") ?? 0);
  const timer = seconds > 0 ? setTimeout(() => response.end(), seconds * 1000) : undefined;
  response.on("close", () => {
    clearTimeout(timer);
    stop();
  });
  request.socket.setKeepAlive(true, 15_000);
}
