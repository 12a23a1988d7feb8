import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { project } from "../../harness/paths.ts";

const page = join(project, "testbed", "images", "frontend", "www", "index.html");

/** What is wrong with a site, if anything. */
export interface Fault {
  /** What it answers to a request that stores messages, and to one that asks for them. */
  stores?: "nothing" | "error";
  /** What it serves in the place of the guestbook's page. */
  html?: string;
}

export interface Site extends AsyncDisposable {
  port: number;
  url: string;
  /** The text stored in the guestbook. */
  stored: () => string;
  /** Resolves when a message was to be stored. */
  asked: Promise<void>;
}

/** The testbed's guestbook on loopback: its real page, and the interface of `guestbook.php` over a variable. */
export async function serve({ stores, html }: Fault = {}, stored = ""): Promise<Site> {
  const body = html ?? (await readFile(page, "utf8"));
  let messages = stored;
  let tell: () => void;
  const asked = new Promise<void>((resolve) => (tell = resolve));
  const answer = (query: URLSearchParams): [number, object] => {
    if (query.get("cmd") === "get") return [200, { data: messages }];
    tell();
    if (stores === "error") return [502, { error: "redis-master: connection refused" }];
    if (stores === undefined) messages = query.get("value") ?? "";
    return [200, { message: "Updated" }];
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://site");
    if (pathname === "/guestbook.php") {
      const [status, data] = answer(searchParams);
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(data));
    } else {
      response.writeHead(200, { "Content-Type": "text/html" }).end(body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    stored: () => messages,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
