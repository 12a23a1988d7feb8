import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { ConnectionTransport } from "puppeteer-core";
import { endAll } from "./end.ts";

/** A browser that runs: to talk to, and to end. */
export interface BrowserProcess extends AsyncDisposable {
  transport: ConnectionTransport;
  /** Why it ended, as soon as it has: its last words where it had some. */
  ended: Promise<string>;
}

/** Without a window, a first run, an update, a proxy, or anything else of its own on the network. */
const flags = [
  "--headless=new",
  "--remote-debugging-pipe",
  "--no-first-run",
  "--no-default-browser-check",
  "--no-proxy-server",
  "--no-pings",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-extensions",
  "--disable-sync",
  "--disable-breakpad",
  "--disable-crash-reporter",
  "--disable-client-side-phishing-detection",
  "--disable-domain-reliability",
  "--disable-features=Translate,MediaRouter,OptimizationHints,DialMediaRouteProvider",
  "--metrics-recording-only",
  // A container's /dev/shm may be too small for it.
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--hide-scrollbars",
  "--mute-audio",
  "--password-store=basic",
];

/**
 * Starts a browser that leaves nothing outside of `folder`, in a process group of its own. It is told what to do
 * through a pipe: no port is opened, and it ends by itself when this process is gone, however that went.
 * Disposing ends it, and every process it started, and waits until it is gone.
 */
export function startBrowser(path: string, folder: string): BrowserProcess {
  const root = process.getuid?.() === 0;
  const args = [...flags, ...(root ? ["--no-sandbox"] : []), `--user-data-dir=${folder}/profile`];
  const child = spawn(path, [...args, "about:blank"], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      HOME: folder,
      TMPDIR: folder,
      XDG_CONFIG_HOME: folder,
      XDG_CACHE_HOME: folder,
      DBUS_SESSION_BUS_ADDRESS: "disabled:",
    },
  });
  let words = "";
  child.stderr?.on("data", (chunk: Buffer) => (words = (words + chunk.toString()).slice(-4000)));
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => {
      resolve(error.message);
    });
    child.once("exit", (code, by) => {
      const last = words.split("\n").findLast((line) => line.trim() !== "");
      resolve(`it ended with ${by ?? `exit code ${code ?? "?"}`}${last === undefined ? "" : `: ${last}`}`);
    });
  });
  return {
    transport: pipes(child.stdio[3] as Writable, child.stdio[4] as Readable),
    ended,
    async [Symbol.asyncDispose]() {
      if (child.pid !== undefined) await endAll(child.pid, folder);
      await ended;
    },
  };
}

/** Chromium's protocol on pipes: messages end with a zero byte. */
function pipes(output: Writable, input: Readable): ConnectionTransport {
  let rest = "";
  input.setEncoding("utf8");
  const transport: ConnectionTransport = {
    send: (message) => {
      output.write(`${message}\0`);
    },
    close: () => {
      output.end();
    },
  };
  input.on("data", (chunk: string) => {
    const messages = (rest + chunk).split("\0");
    rest = messages.pop() ?? "";
    for (const message of messages) transport.onmessage?.(message);
  });
  input.once("close", () => transport.onclose?.());
  for (const stream of [input, output]) stream.on("error", () => undefined); // told by its end
  return transport;
}
