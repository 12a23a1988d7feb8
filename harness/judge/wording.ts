import { AssertionError } from "chai";
import type { Wait } from "./course.ts";

/** A value as a sentence shows it, on one line. */
function shown(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return "nothing";
  const plain = Array.isArray(value) && value.every((item) => typeof item !== "object");
  return plain ? value.join(", ") : JSON.stringify(value);
}

/**
 * The sentence a failed assertion makes, in one grammar for all: "worker1 flannel.1 MTU: expected 1450, saw 1500".
 * chai's own words are kept where it does not compare two values.
 */
export function sentenceOf(error: Error): string {
  if (!(error instanceof AssertionError)) return error.message;
  const { actual, expected } = error as Error & { actual?: unknown; expected?: unknown };
  const label =
    /^(.*?): expected [^]* to (?:deeply equal|equal|be (?:true|false)|have the same (?:ordered )?members as)\b/.exec(
      error.message,
    )?.[1];
  return label === undefined ? error.message : `${label}: expected ${shown(expected)}, saw ${shown(actual)}`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** How hard it was looked for: " (41 looks in 60.2 s of 60 s)"; nothing where nothing was waited for. */
export function effort(wait: Wait | undefined): string {
  if (wait === undefined) return "";
  const { looks, elapsed, budget, healthy } = wait;
  return ` (${looks} ${looks === 1 ? "look" : "looks"} in ${seconds(elapsed)} s of ${Math.round(budget / 1000)} s${healthy === true ? ", five times a healthy run's" : ""})`;
}

/** The parts of a failure's sentence that say what was expected and what was seen. */
export function partsOfSentence(sentence: string): { expected: string; saw: string } {
  const [, expected = "", saw = sentence] = /: expected ([^]*?), saw ([^]*)$/.exec(sentence) ?? [];
  return { expected, saw };
}
