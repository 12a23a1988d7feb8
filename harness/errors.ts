import { hostFault } from "./faults.mjs";
import { visible } from "./visible.ts";

/** What a run answers, as a process exit code. */
export const exitCode = { works: 0, broken: 1, badUsage: 2, notJudged: 3, bug: 4 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

export interface Trouble {
  /** One sentence: what was expected and what was seen. */
  message: string;
  /** Evidence, one line each: where, for how long, the log line that says why. */
  details?: string[];
  /** What to do about it, or the command that shows it. */
  hint?: string;
  cause?: unknown;
}

/** An error meant for a person: one sentence, evidence, and what to do next. */
export abstract class HardwayError extends Error {
  abstract readonly exitCode: ExitCode;
  readonly details: string[];
  readonly hint: string | undefined;

  constructor(trouble: Trouble | string) {
    const {
      message,
      details = [],
      hint,
      cause,
    } = typeof trouble === "string" ? { message: trouble } : trouble;
    super(message, { cause });
    this.details = details;
    this.hint = hint;
  }

  /** The whole answer as printed: the sentence, then the evidence and the hint, indented. */
  explain(): string {
    const lines = [...this.details, ...(this.hint === undefined ? [] : [`hint  ${this.hint}`])];
    return visible(
      [this.message, ...lines.flatMap((line) => line.split("\n")).map((line) => `  ${line}`)].join("\n"),
    );
  }
}

/** The command line, the lab file, a role file or a template is wrong; nothing was touched. */
export class BadConfiguration extends HardwayError {
  override readonly name = "BadConfiguration";
  readonly exitCode = exitCode.badUsage;
}

/** The lab could not be built, so the templates were not put to the test. */
export class LabNotBuilt extends HardwayError {
  override readonly name = "LabNotBuilt";
  readonly exitCode = exitCode.notJudged;
}

/** The lab is there but the question could not be answered: "could not judge" is neither pass nor fail. */
export class NotJudged extends HardwayError {
  override readonly name = "NotJudged";
  readonly exitCode = exitCode.notJudged;
}

/** An optional question was not asked, for want of something on this host: it is left out of the verdict. */
export class NotAsked extends NotJudged {}

/** The templates, put on working machines, do not make a working cluster. */
export class ClusterBroken extends HardwayError {
  override readonly name = "ClusterBroken";
  readonly exitCode = exitCode.broken;
}

/** Something of this host failed on the way: a full disk, a folder that cannot be written, a program that is not there. */
export class HostFailed extends HardwayError {
  override readonly name = "HostFailed";
  readonly exitCode = exitCode.notJudged;
}

/** An error that a person can do something about; undefined for a bug of ours. */
export function toHardwayError(error: unknown): HardwayError | undefined {
  if (error instanceof HardwayError) return error;
  const fault = hostFault(error);
  return fault === undefined ? undefined : new HostFailed({ ...fault, cause: error });
}
