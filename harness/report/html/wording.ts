import { html, type Html } from "./markup.ts";

/** A duration as a person says it: "12 ms", "80.3 s", "3 min 12 s", "1 h 5 min". */
export function duration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 119_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  return hours === 0 ? `${minutes} min ${seconds % 60} s` : `${hours} h ${minutes % 60} min`;
}

/** A moment in UTC, as every machine of a lab tells it; a text that is no date as it is. */
export function moment(iso: string): Html {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return html`${iso}`;
  const [day = "", time = ""] = date.toISOString().split("T");
  return html`<time datetime="${iso}">${day} ${time.slice(0, 8)} UTC</time>`;
}

/** "1 spec", "12 specs". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** "a", "a and b", "a, b and c". */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;

/** What was expected and what was seen, told apart where a sentence says both in the usual grammar. */
export function expectation(message: string): { about: string; expected: string; saw: string } | undefined {
  const match = /^([^\n]*?): expected ([^]*?), saw ([^]*)$/.exec(message);
  if (match === null) return undefined;
  const [, about = "", expected = "", saw = ""] = match;
  return { about, expected, saw };
}
