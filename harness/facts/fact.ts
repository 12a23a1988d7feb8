import { z } from "zod";

/** What a command answered. */
export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

/** One look at one machine: everything a spec learns, and everything it does, is one of these. */
export interface Observation extends Output, Asked {
  machine: string;
  /** When the command began, ISO 8601, by the host's clock. */
  at: string;
  /** How many milliseconds later it may have begun: what the round trip took beside its commands. */
  slack?: number | undefined;
  /** How long it took on the machine. */
  ms: number;
  /** A recording has no answer to the question. */
  missing?: true;
}

/** A question as it is put to a machine: about one subject (one unit, one URL, one path), which `args` name. */
export interface Asked {
  /** The fact's or the act's name. */
  fact: string;
  args: readonly string[];
  command: string;
  /**
   * act: does something after which what was seen before, on any machine, may no longer be so; act here: the same for
   * this machine alone; inquiry: asked for telling why a spec failed. None of them where a spec looks.
   */
  purpose?: "act" | "act here" | "inquiry" | undefined;
}

/** An observation as it is written into a recording and read from one. */
export const observationSchema = z.object({
  machine: z.string(),
  fact: z.string(),
  args: z.array(z.string()),
  command: z.string(),
  purpose: z.enum(["act", "act here", "inquiry"]).optional(),
  at: z.iso.datetime(),
  slack: z.number().nonnegative().optional(),
  ms: z.number().nonnegative().max(86_400_000),
  code: z.int(),
  stdout: z.string(),
  stderr: z.string(),
}) satisfies z.ZodType<Observation>;

/** Turns what a command printed into data; pure, so that a recording can be read again. */
export type Parse<T> = (stdout: string, seen: Observation) => T;

/**
 * Something that can be observed on a machine. Its command is POSIX shell that means the same on CentOS 7 and on
 * the embedded lab's Debian; it changes nothing.
 */
export interface Fact<T, A extends readonly string[] = []> {
  readonly name: string;
  readonly parse: Parse<T>;
  /** The question for these arguments. */
  ask(...args: A): Asked;
}

/** A fact whose command is the same for every machine. */
export const fact = <T>(name: string, command: string, parse: Parse<T>): Fact<T> => ({
  name,
  parse,
  ask: () => ({ fact: name, args: [], command }),
});

/** A fact whose command depends on arguments: texts, which the command must quote. */
export const factOf = <T, A extends readonly string[]>(
  name: string,
  command: (...args: A) => string,
  parse: Parse<T>,
): Fact<T, A> => ({
  name,
  parse,
  ask: (...args) => ({ fact: name, args, command: command(...args) }),
});

/** Tells one question from another, for caches and recordings. */
export const keyOf = (asked: Pick<Asked, "fact" | "args">): string =>
  JSON.stringify([asked.fact, ...asked.args]);

/** A text's lines without the empty ones. */
export const linesOf = (text: string): string[] => text.split("\n").filter((line) => line.trim() !== "");
