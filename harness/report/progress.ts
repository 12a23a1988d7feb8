import { visible, visibleLine } from "../visible.ts";
import type { StageResult } from "./results/schema.ts";

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/**
 * Tells a person how a run goes: a line per stage with its time, and while a stage runs, on a terminal only, what
 * it is doing.
 */
export class Progress {
  readonly stages: StageResult[] = [];
  readonly #out: NodeJS.WriteStream;
  #live = "";

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
  }

  /** Prints a line that stays. */
  announce = (line: string): void => {
    this.#clear();
    this.#out.write(`${visible(line)}\n`);
    this.#draw();
  };

  /**
   * Runs a stage; `body` gets a function that says what is going on and answers the stage's summary with its value.
   * What body throws is thrown on, after the stage is noted as failed.
   */
  async stage<T>(name: string, body: (say: (text: string) => void) => Promise<[T, string]>): Promise<T> {
    const startedAt = new Date();
    const say = (text: string) => {
      this.#show(`  ${name.padEnd(10)} ${inSeconds(Date.now() - startedAt.getTime()).padStart(8)}  ${text}`);
    };
    const finish = (status: StageResult["status"], summary: string) => {
      const ms = Date.now() - startedAt.getTime();
      this.stages.push({ name, status, startedAt: startedAt.toISOString(), ms, summary });
      this.#live = "";
      this.announce(
        `${status === "done" ? "✓" : "✗"} ${name.padEnd(10)} ${inSeconds(ms).padStart(8)}  ${summary}`,
      );
    };
    say("");
    try {
      const [value, summary] = await body(say);
      finish("done", summary);
      return value;
    } catch (error) {
      finish("failed", error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
      throw error;
    }
  }

  #show(text: string): void {
    if (!this.#out.isTTY) return;
    this.#clear();
    this.#live = visibleLine(text).slice(0, this.#out.columns - 1);
    this.#draw();
  }

  #clear(): void {
    if (this.#live !== "") this.#out.write("\r\x1b[K");
  }

  #draw(): void {
    if (this.#live !== "") this.#out.write(this.#live);
  }
}
