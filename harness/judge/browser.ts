import { findBrowser, noBrowser } from "../browser/find.ts";
import { visitName } from "../browser/screenshots.ts";
import { seenSchema, type Seen } from "../browser/seen.ts";
import { visit } from "../browser/visit.ts";
import { NotAsked } from "../errors.ts";
import { factOf, type Output } from "../facts/fact.ts";
import type { Worker } from "./machine.ts";
import { running } from "./running.ts";
import { claim } from "./subject.ts";

/** As a shell says that a command could not be run. */
const notRun = 126;

/** Names the visit in a recording; what it does is done by the harness, in the lab's network. */
const browser = factOf<Seen, [url: string, message: string]>(
  visitName,
  () => "harness/browser/visit.ts",
  (stdout, { code, stderr }) => {
    if (code === notRun) throw new NotAsked(stderr);
    return seenSchema.parse(JSON.parse(stdout));
  },
);

const notAsked = (why: string): Output => ({ code: notRun, stdout: "", stderr: why });

async function visited(url: string, message: string): Promise<Output> {
  const path = await findBrowser();
  if (path === undefined) return notAsked(noBrowser);
  try {
    const seen = await visit(path, url, message, { signal: running().course.signal });
    return { code: 0, stdout: JSON.stringify(seen), stderr: "" };
  } catch (error) {
    if (error instanceof NotAsked) return notAsked(error.message);
    throw error;
  }
}

/**
 * Has a person's message typed into the guestbook's page, and sees it listed when the page is opened anew.
 * @param label what it is about, from `about`
 * @throws CheckFailed with what is on the page instead; NotAsked without a browser, or where the page's own scripts
 *   come from hosts that cannot be reached
 */
export async function leaveMessage(
  through: Worker,
  port: number,
  message: string,
  label: string,
): Promise<void> {
  const url = `http://${through.address}:${port}/`;
  const seen = await through.readings.perform(browser, () => visited(url, message), url, message);
  // The message is stored on the cluster: what else was known of it may no longer be so.
  running().course.acts += 1;
  const listed = seen.lines.includes(message);
  if (!listed && seen.unreached.length > 0)
    throw new NotAsked(`the page needs what this host cannot reach: ${seen.unreached.join(", ")}`);
  claim(listed, label, `the page to list "${message}"`, told(seen));
}

/** What was on the page, and what may be why. */
const told = ({ lines, posted, trouble, console }: Seen): string =>
  [
    lines.length === 0 ? "an empty page" : `"${lines.join(" | ").slice(0, 300)}"`,
    ...(posted === undefined ? [] : [`storing it was answered ${posted}`]),
    ...(trouble === undefined ? [] : [trouble]),
    ...console.map((line) => `the page says ${line}`),
  ].join("; ");
