import type { Output } from "../../../harness/facts/fact.ts";

/** How CentOS 7 answers one question: what it says, as data, and how it prints that. */
export interface Voice {
  /**
   * Where the sample comes from: a public transcript by its project, or the program of exactly that version that
   * printed it. Undefined where there is neither; docs/first-centos-run.md lists such facts as unproved.
   */
  origin: string | undefined;
  /** Reads the sample and prints it again from what was read: the sample, where the voice is right. */
  again: (sample: string) => string;
  /** What the embedded lab's machine answered, as CentOS 7 would have said the same. */
  tell: (heard: Output) => Output;
}

/** A voice of an answer's standard output alone: `heard` and `read` understand the two forms, `print` has the new one. */
export const voice = <D>(given: {
  origin: string | undefined;
  heard: (stdout: string) => D;
  read?: (sample: string) => D;
  print: (data: D) => string;
}): Voice => ({
  origin: given.origin,
  again: (sample) => given.print((given.read ?? given.heard)(sample)),
  tell: (heard) =>
    heard.stdout === "" ? heard : { ...heard, stdout: given.print(given.heard(heard.stdout)) },
});

/** The first group of each line's match; a line that does not match is a mistake of the voice. */
export function parts(pattern: RegExp, line: string): Record<string, string> {
  const found = pattern.exec(line)?.groups;
  if (found === undefined) throw new Error(`the voice does not understand: ${line}`);
  return found;
}

export const linesIn = (text: string): string[] => text.replace(/\n$/, "").split("\n");
export const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");
