import { stripVTControlCharacters } from "node:util";

/** What neither XML nor a terminal's line may carry: controls but tab and line end, lone surrogates, non-characters. */

const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFDD0-\uFDEF\p{Cs}]|[\uFFFE\uFFFF]/gu;

/** Characters that show a text in another order than it is written in, so that it can be made to say something else. */
const reordering = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/**
 * Text from a machine as a report may carry it: without colours and other orders to a terminal, every line end a
 * `\n`, and each character that must not be kept shown as U+FFFD, so that it is seen that something was there.
 */
export const plain = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\r\n?/g, "\n")
    .replace(forbidden, "\uFFFD")
    .replace(reordering, "\uFFFD");

/** Plain text on one line. */
export const onOneLine = (text: string): string => plain(text).replace(/\s+/g, " ").trim();

/** A text's beginning where it is long; it is never cut inside a character. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text.slice(0, most)).filter((one) => !/^\p{Cs}$/u.test(one));
  return `${characters.join("")}… (${text.length - most} more characters)`;
}

/** Milliseconds in the unit that people read. */
export const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** "1 look", "2 looks". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
