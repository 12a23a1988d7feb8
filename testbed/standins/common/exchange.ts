import http from "node:http";
import { setTimeout as pausing } from "node:timers/promises";
import { addressOf, dialError } from "./dial.ts";
import { ownName } from "./name.ts";

/** What the apiserver refused, or why it could not be asked. */
export class ApiError extends Error {
  /** The HTTP status; 0 where no answer came. */
  readonly code: number;
  /** Kubernetes' own word, e.g. NotFound, AlreadyExists, Conflict; Unreachable where no answer came, Aborted by us. */
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

interface Exchange {
  url: URL;
  method: string;
  body?: object | undefined;
  contentType?: string;
  /** Given for answers that stream; such a request has its own connection and no time limit. */
  signal?: AbortSignal;
}

const patience = 60_000;
const attempts = 10;
const agent = new http.Agent({ keepAlive: true });

/** The whole body of an answer. */
export async function wholeOf(response: http.IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk as string;
  return text;
}

/**
 * Sends a request and answers with the response's head. Where the server asks to try again later, does so, ten times in
 * all, as client-go 1.5 does: that is why a pod without a token takes 9 s to fail (facts/kubernetes-1.5.2.md §e.1).
 * @throws ApiError for anything but success, with the Status the server sent
 */
export async function exchange(what: Exchange): Promise<http.IncomingMessage> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await once(what);
    const code = response.statusCode ?? 0;
    if (code < 300) return response;
    const pause = Number(response.headers["retry-after"] ?? NaN);
    const text = await wholeOf(response);
    if (Number.isNaN(pause) || attempt === attempts) throw refusal(code, text);
    await pausing(pause * 1000);
  }
}

async function once(what: Exchange): Promise<http.IncomingMessage> {
  const { url, method, body, contentType = "application/json", signal } = what;
  const text = body === undefined ? undefined : JSON.stringify(body);
  try {
    return await send(what, text, {
      Accept: "application/json",
      "User-Agent": `${ownName()}/v1.5.2`,
      ...(text === undefined
        ? {}
        : { "Content-Type": contentType, "Content-Length": Buffer.byteLength(text) }),
    });
  } catch (error) {
    if (signal?.aborted || !(error instanceof Error)) throw new ApiError(0, "Aborted", "given up");
    const verb = method.charAt(0) + method.slice(1).toLowerCase();
    const why = dialError(error, addressOf(url));
    throw new ApiError(0, "Unreachable", `${verb} ${JSON.stringify(url.href)}: ${why}`);
  }
}

function send(what: Exchange, text: string | undefined, headers: object): Promise<http.IncomingMessage> {
  const { url, method, signal } = what;
  const manner = signal === undefined ? { agent, timeout: patience } : { agent: false as const, signal };
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers: { ...headers }, ...manner }, resolve);
    request.on("timeout", () => request.destroy(new Error("i/o timeout")));
    // A machine that vanished says nothing: only probes tell.
    request.on("socket", (socket) => socket.setKeepAlive(true, 15_000));
    request.on("error", (error: NodeJS.ErrnoException) => {
      // The server closed a connection kept from before, perhaps by restarting: that says nothing of this request.
      if (request.reusedSocket && error.code === "ECONNRESET")
        send(what, text, headers).then(resolve, reject);
      else reject(error);
    });
    request.end(text);
  });
}

function refusal(code: number, text: string): ApiError {
  try {
    const status = JSON.parse(text) as { message?: string; reason?: string };
    return new ApiError(code, status.reason ?? "", status.message ?? text);
  } catch {
    return new ApiError(code, "", text);
  }
}
