import { execa } from "execa";
import { LabNotBuilt } from "../errors.ts";

interface CommandOptions {
  /** Milliseconds; a budget. */
  within: number;
  signal?: AbortSignal | undefined;
  input?: string;
  env?: Record<string, string>;
}

/** What a program of the host answered. */
interface Answered {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program of the host and answers whatever its exit code. @throws LabNotBuilt when it cannot be run or hangs */
export async function ask(
  [program, ...args]: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<Answered> {
  const { within, signal, input, env } = options;
  const result = await execa(program, args, {
    reject: false,
    timeout: within,
    env: { LC_ALL: "C", ...env },
    input: input ?? "",
    cancelSignal: signal ?? new AbortController().signal,
  });
  signal?.throwIfAborted();
  if (result.exitCode === undefined) {
    throw new LabNotBuilt({ message: result.shortMessage ?? program, details: tail(result.stderr, 5) });
  }
  return { code: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/** The same, for a program that must exit 0. @returns its standard output @throws LabNotBuilt with what it said */
export async function demand(
  command: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<string> {
  const { code, stdout, stderr } = await ask(command, options);
  if (code === 0) return stdout;
  throw new LabNotBuilt({
    message: `${command.join(" ")}: exit code ${code}`,
    details: tail(stderr || stdout, 10),
  });
}

/** The last lines of a text that say something. */
export const tail = (text: string, lines: number): string[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-lines);
