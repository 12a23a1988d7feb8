import type { Role } from "../lab/schema.ts";

/** What a script did on a machine. */
export interface Ran {
  stdout: string;
  stderr: string;
  /** The exit code; 255 where the script was ended by a signal. */
  code: number;
  /** Round-trip time. */
  ms: number;
}

export interface RunOptions {
  /** Fed to the script's standard input. */
  input?: string | Buffer | NodeJS.ReadableStream;
  signal?: AbortSignal;
  /** How long it may take; the default is `budget.command`. */
  within?: number;
}

/** A running host of a lab, reached over SSH. */
export interface Machine {
  readonly name: string;
  readonly role: Role;
  readonly address: string;
  /**
   * Runs a POSIX shell script as root in one round trip, and answers whatever its exit code.
   * @throws NotJudged when the machine cannot be reached or the script outlives its budget
   */
  run(script: string, options?: RunOptions): Promise<Ran>;
}
