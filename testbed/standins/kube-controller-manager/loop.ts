import { ApiError } from "../common/api.ts";
import { log } from "../common/log.ts";
import { Turn } from "../common/turn.ts";

const retryPause = 1000;

/** Work on the apiserver's objects, never twice at once. What it refuses or does not answer is tried again a second later. */
export class Loop extends Turn {
  constructor(work: () => Promise<void>) {
    super(async () => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // Somebody was faster: the change is on its way here and asks again.
        if (error.reason === "Conflict") return;
        log.error(error.message);
        setTimeout(() => {
          this.ask();
        }, retryPause);
      }
    });
  }
}
