import { setMaxListeners } from "node:events";
import { exitCode, NotJudged } from "./errors.ts";

/**
 * A signal that aborts as soon as one of these does. Node warns of a leak at the eleventh listener, and every machine
 * listens several times.
 */
export function anySignal(...signals: AbortSignal[]): AbortSignal {
  const any = AbortSignal.any(signals);
  setMaxListeners(0, any);
  return any;
}

/**
 * Aborts at Ctrl-C, SIGTERM, a hang-up, or when the process that started this one inside a namespace is gone, so that
 * what runs can collect and clean up. A second Ctrl-C ends at once: the next run removes what is left, by its label.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // everything that runs at once listens
  const interrupt = (why: string) => {
    if (controller.signal.aborted) {
      if (why !== "SIGINT") return;
      console.error("ended at once; the next run removes what is left");
      process.exit(exitCode.notJudged);
    }
    console.error(`\n${why}: cleaning up (again to end at once)`);
    controller.abort(new NotJudged(`interrupted by ${why}`));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  if (process.connected) {
    process.on("disconnect", () => {
      interrupt("the loss of its parent");
    });
    process.channel?.unref();
  }
  return controller.signal;
}
