/** Work that never runs twice at once: asked for while it runs, it runs once more right after. */
export class Turn {
  readonly #work: () => Promise<void>;
  #running = false;
  #again = false;

  /** `work` must not throw. */
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
      await this.#work();
    }
    this.#running = false;
  }
}
