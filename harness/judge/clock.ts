import { setTimeout as pause } from "node:timers/promises";

/** What waiting is measured by; a recording and the tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970, or since any moment where nothing real is judged. */
  now(): number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const wallClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  wait: (ms, signal) => pause(ms, undefined, { signal }),
};
