import type { Observation } from "../facts/fact.ts";
import { seenSchema } from "./seen.ts";

/** The name that visits have among observations. */
export const visitName = "browser";

/** A picture for the report. */
interface Screenshot {
  title: string;
  machine: string;
  url: string;
  /** base64 */
  png: string;
}

/** The pictures among what was observed, in order: a report is written from its recording. */
export function screenshotsIn(observations: readonly Observation[]): Screenshot[] {
  return observations.flatMap(({ fact, code, machine, stdout }) => {
    if (fact !== visitName || code !== 0) return [];
    const { url, png, browser } = seenSchema.parse(JSON.parse(stdout));
    const title = `the guestbook, opened through ${machine} with ${browser}`;
    return png === undefined ? [] : [{ title, machine, url, png }];
  });
}
