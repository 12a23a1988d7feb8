import { ApiError } from "../common/api.ts";
import { log } from "../common/log.ts";

const retryPause = 1000;

/**
 * Work that is done again whenever it is asked for, never twice at once: asked for while it runs, it runs once more. What
 * the apiserver refuses or does not answer is tried again a second later.
 */
export class Loop {
  readonly #work: () => Promise<void>;
  #running = false;
  #again = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  ask(): void {
    this.#again = true;
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#again) {
      this.#again = false;
      try {
        await this.#work();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // Somebody was faster: the change is on its way here and asks again.
        if (error.reason !== "Conflict") {
          log.error(error.message);
          setTimeout(() => {
            this.ask();
          }, retryPause);
        }
      }
    }
    this.#running = false;
  }
}
