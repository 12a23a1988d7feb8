import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A harness process of its own, which can be killed at any moment. */
export class Program implements AsyncDisposable {
  readonly #process: ChildProcess;
  /** What it has printed up to the line that was waited for, without that line. */
  readonly lines: string[];

  private constructor(child: ChildProcess, lines: string[]) {
    this.#process = child;
    this.lines = lines;
  }

  /** Runs the text of a module until it prints a line. */
  static async start(module: string, until: string, env: Record<string, string> = {}): Promise<Program> {
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", module], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === until) return new Program(child, lines);
      lines.push(line);
    }
    throw new Error(`the program ended before it printed ${until}: ${lines.join(" | ")}`);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** SIGKILL: nothing of it can clean up. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
