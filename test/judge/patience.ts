import type { Clock } from "../../harness/judge/clock.ts";

/** Time that passes only where it is waited for. */
export function patience(): Clock {
  let now = 0;
  return {
    now: () => now,
    wait: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
}
