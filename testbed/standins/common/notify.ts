import { execFile } from "node:child_process";
import { log } from "./log.ts";

/**
 * Tells systemd that a unit of Type=notify has started; does nothing where nobody listens. It is a child that speaks, so
 * the unit needs NotifyAccess=all.
 */
export function notifyReady(): Promise<void> {
  if (!process.env.NOTIFY_SOCKET) return Promise.resolve();
  return new Promise((resolve) => {
    execFile("systemd-notify", ["--ready"], (error) => {
      if (error !== null)
        log.error(`Unable to send systemd daemon successful start message: ${error.message}`);
      resolve();
    });
  });
}
