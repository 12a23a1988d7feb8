import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { budget } from "../../harness/budgets.ts";
import { poll } from "../../harness/machines/poll.ts";
import { project } from "../../harness/paths.ts";
import type { PlayedHost } from "./host.ts";

/** A command of the harness on a played host, which can be killed at any moment. */
export class Harness implements AsyncDisposable {
  readonly #process: ChildProcess;
  /** Everything it has printed. */
  said = "";
  #ended: Promise<unknown>;

  /** @param home its HARDWAY_HOME */
  constructor(host: PlayedHost, home: string, ...words: string[]) {
    const [command, ...args] = host.enter([
      process.execPath,
      join(project, "harness", "start.mjs"),
      ...words,
    ]);
    const env = { ...process.env, HARDWAY_HOME: home };
    this.#process = spawn(command, args, { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on("data", (chunk: Buffer) => (this.said += chunk.toString()));
    this.#ended = once(this.#process, "close");
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Waits while it runs. @throws Error with what it said when it ended before */
  async until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    const held = await poll(
      async () => {
        if (this.#process.exitCode !== null) throw new Error(`it ended before ${what}:\n${this.said}`);
        return (await holds()) ? true : undefined;
      },
      { within: budget.boot, every: 50 },
    );
    if (held === undefined) throw new Error(`it never came to ${what}:\n${this.said}`);
  }

  /** Waits for its end. @returns its exit code and all that it said */
  async ended(): Promise<{ code: number | null; said: string }> {
    await this.#ended;
    return { code: this.#process.exitCode, said: this.said };
  }

  /** SIGKILL: nothing of it can clean up. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.ended();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
