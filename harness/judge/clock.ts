import { setTimeout as pause } from "node:timers/promises";

/** What waiting is measured by; a recording and the tests bring their own. */
export interface Clock {
  /** Milliseconds since any fixed moment. */
  now(): number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const wallClock: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) => pause(ms, undefined, { signal }),
};
