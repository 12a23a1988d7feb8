import http from "node:http";

const dialTimeout = 1000;

/** A key or a directory as the v2 API shows it; `ttl` and `expiration` only where it expires. */
export interface EtcdNode {
  key: string;
  value?: string;
  dir?: boolean;
  nodes?: EtcdNode[];
  createdIndex: number;
  modifiedIndex: number;
  ttl?: number;
  expiration?: string;
}

export interface EtcdAnswer {
  action: "get" | "set" | "create" | "update" | "delete" | "expire" | "compareAndSwap" | "compareAndDelete";
  node: EtcdNode;
  prevNode?: EtcdNode;
  /** etcd's index when it answered: watching from `index + 1` misses nothing after this answer. */
  index: number;
}

/** A refusal by etcd, worded `100: Key not found (/coreos.com) [2384]`. */
export class EtcdError extends Error {
  override readonly name = "EtcdError";
  readonly code: number;
  readonly index: number;

  constructor(body: { errorCode: number; message: string; cause?: string; index: number }) {
    super(`${body.errorCode}: ${body.message} (${body.cause ?? ""}) [${body.index}]`);
    this.code = body.errorCode;
    this.index = body.index;
  }
}

/** No endpoint answered: `client: etcd cluster is unavailable or misconfigured; error #0: dial tcp …`. */
export class EtcdUnavailable extends Error {
  override readonly name = "EtcdUnavailable";

  constructor(reasons: string[]) {
    const numbered = reasons.map((reason, number) => `; error #${number}: ${reason}`);
    super(`client: etcd cluster is unavailable or misconfigured${numbered.join("")}`);
  }
}

/**
 * One request to one endpoint. Undefined for an empty body: etcd ends a long poll so when it shuts down.
 * Throws EtcdError for a refusal, Node's network error where the endpoint cannot be reached.
 */
export function request(
  url: URL,
  options: { method: string; agent: http.Agent; form?: string; signal?: AbortSignal },
): Promise<EtcdAnswer | undefined> {
  const { form, signal } = options;
  return new Promise((resolve, reject) => {
    const headers = form === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded" };
    const asked = http.request(
      url,
      { method: options.method, headers, agent: options.agent, ...(signal && { signal }) },
      (response) => {
        response.setEncoding("utf8");
        let body = "";
        response.on("data", (chunk: string) => (body += chunk));
        response.on("error", reject);
        response.on("end", () => {
          try {
            resolve(read(body, Number(response.headers["x-etcd-index"] ?? 0)));
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      },
    );
    limitDial(asked);
    asked.on("error", (error: Error & { code?: string }) => {
      // A kept connection that etcd closed meanwhile says nothing about etcd: ask once more on a new one.
      const stale = asked.reusedSocket && error.code === "ECONNRESET" && signal?.aborted !== true;
      if (stale) resolve(request(url, options));
      else reject(error);
    });
    asked.end(form);
  });
}

/** The client's own dial time-out of one second, not the kernel's two minutes. */
function limitDial(asked: http.ClientRequest): void {
  asked.on("socket", (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => {
      asked.destroy(Object.assign(new Error("i/o timeout"), { code: "ETIMEDOUT" }));
    }, dialTimeout);
    const stop = () => {
      clearTimeout(timer);
    };
    socket.once("close", stop);
    socket.once("connect", stop);
  });
}

function read(body: string, index: number): EtcdAnswer | undefined {
  if (body.trim() === "") return undefined;
  const json = JSON.parse(body) as EtcdAnswer | { errorCode: number; message: string; index: number };
  if ("errorCode" in json) throw new EtcdError(json);
  return { ...json, index };
}
