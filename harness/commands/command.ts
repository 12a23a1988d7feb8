import type { ParseArgsConfig } from "node:util";
import { BadConfiguration, type ExitCode } from "../errors.ts";
import { clipped } from "../lab/problem.ts";

export type Options = NonNullable<ParseArgsConfig["options"]>;

/** What was typed after a verb. */
export interface Arguments {
  options: Record<string, string | boolean | (string | boolean)[] | undefined>;
  positionals: string[];
}

/** A verb of the command line. */
export interface Command {
  name: string;
  summary: string;
  /** What stands after the verb in its usage line. */
  usage: string;
  options: Options;
  /** What each option is for, for --help. */
  explain: Record<string, string>;
  /** How many words it takes beside options, at most. */
  words: number;
  /** Its first word is a path. */
  takesPath?: true;
  execute(typed: Arguments, signal: AbortSignal): Promise<ExitCode>;
}

/** Options whose value is a path, or may be one. */
export const pathOptions: ReadonlySet<string> = new Set(["lab", "daemons", "templates"]);

/** An option's text. */
export const text = (typed: Arguments, option: string): string | undefined => {
  const value = typed.options[option];
  return typeof value === "string" ? value : undefined;
};

/** Whether a flag is set. */
export const flag = (typed: Arguments, option: string): boolean => typed.options[option] === true;

/** An option that counts, 1 where it is not given. @throws BadConfiguration where it is no number from 1 */
export function count(typed: Arguments, option: string): number {
  const value = text(typed, option) ?? "1";
  if (/^[1-9]\d{0,3}$/.test(value)) return Number(value);
  throw new BadConfiguration({
    message: `--${option}: expected a number from 1 to 9999, saw ${value}`,
    hint: `--${option} 3`,
  });
}

/**
 * The pattern that specs' titles must match: a regular expression, or one as JavaScript writes it, /kubelet/i.
 * @throws BadConfiguration where it is none
 */
export function pattern(typed: Arguments): RegExp | undefined {
  const given = text(typed, "grep");
  if (given === undefined) return undefined;
  const [, body = given, flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(given) ?? [];
  try {
    if (given.length > 10_000) throw new RangeError("more than 10000 characters");
    if (/[gy]/.test(flags))
      throw new SyntaxError(`the flag ${/[gy]/.exec(flags)?.[0] ?? ""}, which a title cannot have`);
    return new RegExp(body, flags);
  } catch (cause) {
    throw new BadConfiguration({
      message: `--grep: expected a regular expression, saw ${clipped(JSON.stringify(given), 80)}`,
      details: [cause instanceof Error ? cause.message : String(cause)],
      hint: "a title's words do: --grep kubelet",
      cause,
    });
  }
}

/** Options several verbs share. */
export const shared = {
  lab: { type: "string" },
  keep: { type: "boolean" },
  grep: { type: "string" },
  daemons: { type: "string" },
  templates: { type: "string" },
  repeat: { type: "string" },
  browser: { type: "boolean" },
} as const satisfies Options;

export const explained = {
  lab: "centos7, embedded, or a lab file; the default is the first this host can run",
  keep: "leave the machines up afterwards; `npm run lab -- destroy` ends them",
  grep: "judge only specs whose title matches this regular expression",
  templates: "a folder of roles, templates and steps in the place of provision/",
  repeat: "judge this often on the same lab, and tell how steady each spec is; the default is 1",
  browser: "the guestbook must be used in a browser; without one nothing is started",
  daemons:
    "embedded: `upstream` (as released), `stand-ins`, or a folder of real daemons; the default is released where it can be had",
} as const;
