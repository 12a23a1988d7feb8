import type { SpecResult } from "./result.ts";

/**
 * Specs that do something to the cluster take as long as that takes, and those on steadiness as long as a daemon must
 * have run.
 */
const waiting = /^(guestbook|docker network containers|packages offered|services, after all that)/;

/** Whether a spec rests on facts alone: it neither does anything to the lab nor waits for what was done. */
export const onlyLooks = ({ title }: Pick<SpecResult, "title">): boolean => !waiting.test(title.join(" "));
