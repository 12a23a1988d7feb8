import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, sep } from "node:path";
import { pipeline } from "node:stream/promises";

export interface PackageServer extends AsyncDisposable {
  /** Such as http://10.146.47.1:8180, without a slash at the end. */
  readonly url: string;
}

/**
 * Serves the files of a folder over HTTP, as yum wants it: GET, HEAD, and one range of bytes. What is outside the
 * folder is not there.
 * @param port 0 for one the system chooses
 * @throws Error when address and port cannot be had
 */
export async function servePackages(folder: string, address: string, port: number): Promise<PackageServer> {
  const root = await realpath(folder);
  const server = createServer((request, response) => {
    answer(root, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${bound.address}:${bound.port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  const found = await lookUp(root, request.url ?? "/");
  if (found === undefined) {
    response.writeHead(404).end();
    return;
  }
  const headers = {
    "accept-ranges": "bytes",
    "last-modified": found.modified,
    "content-type": "application/octet-stream",
  };
  const range = parseRange(request.headers.range, found.size);
  if (range === "unsatisfiable") {
    response.writeHead(416, { ...headers, "content-range": `bytes */${found.size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: found.size - 1 };
  response.writeHead(range === undefined ? 200 : 206, {
    ...headers,
    "content-length": end - start + 1,
    ...(range === undefined ? {} : { "content-range": `bytes ${start}-${end}/${found.size}` }),
  });
  if (request.method === "HEAD" || found.size === 0) response.end();
  else await pipeline(createReadStream(found.path, { start, end }), response);
}

/** The file behind a request, links followed; undefined where there is none or it is outside the root. */
async function lookUp(root: string, url: string) {
  try {
    const path = await realpath(join(root, decodeURIComponent(new URL(url, "http://server").pathname)));
    const seen = await stat(path);
    if (!seen.isFile() || !path.startsWith(root + sep)) return undefined;
    return { path, size: seen.size, modified: seen.mtime.toUTCString() };
  } catch {
    return undefined;
  }
}

/** The bytes a Range header asks for; undefined where all are: no header, or one with several ranges. */
function parseRange(header: string | undefined, size: number) {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return start > end ? "unsatisfiable" : { start, end };
}
