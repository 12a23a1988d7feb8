import { setMaxListeners } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { budget } from "../budgets.ts";
import { NotAsked } from "../errors.ts";
import { mkdtemp, rm } from "../files.ts";
import { leaveMessage, listen, type Notes } from "./page.ts";
import { startBrowser, type BrowserProcess } from "./process.ts";
import type { Seen } from "./seen.ts";

interface VisitOptions {
  signal: AbortSignal;
  /** Milliseconds. */
  within?: number;
}

/**
 * Uses the guestbook as a person would: opens its page, types a message, and looks whether it is listed. The browser,
 * and what it wrote, is gone afterwards, however this ends.
 * @param path the browser
 * @returns what was seen, and where the message was not listed, what was in the way
 * @throws NotAsked when the browser does not start; the signal's reason
 */
export async function visit(
  path: string,
  url: string,
  message: string,
  { signal, within = budget.page }: VisitOptions,
): Promise<Seen> {
  signal.throwIfAborted();
  const begun = performance.now();
  const folder = await mkdtemp(join(tmpdir(), "hardway-browser-"));
  try {
    await using browser = startBrowser(path, folder);
    const late = AbortSignal.timeout(within);
    const bound = AbortSignal.any([signal, late]);
    setMaxListeners(0, bound); // puppeteer listens anew for each page it opens
    const { page, version } = await opened(browser, bound, signal);
    const notes: Notes = { title: "", lines: [], console: [], unreached: [] };
    listen(page, url, notes);
    const trouble = await whatStops(leaveMessage(page, url, message, notes, bound), browser, bound);
    signal.throwIfAborted();
    const png = await picture(page, AbortSignal.any([signal, AbortSignal.timeout(budget.ending)]));
    signal.throwIfAborted();
    return {
      browser: version,
      url,
      ...notes,
      ...(trouble === undefined
        ? {}
        : { trouble: late.aborted ? `nothing more in ${within / 1000} s` : trouble }),
      ...(png === undefined ? {} : { png }),
      ms: Math.round(performance.now() - begun),
    };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The page of a browser that has just been started. puppeteer is loaded here alone: it takes half a second. */
async function opened(
  { transport, ended }: BrowserProcess,
  bound: AbortSignal,
  signal: AbortSignal,
): Promise<{ page: Page; version: string }> {
  const start = async () => {
    const { connect } = await import("puppeteer-core");
    const browser = await connect({ transport, defaultViewport: { width: 800, height: 600 } });
    const [page = await browser.newPage()] = await browser.pages();
    return { page, version: await browser.version() };
  };
  const failed = (why: string): never => {
    signal.throwIfAborted();
    throw new NotAsked(`the browser does not start: ${why}`);
  };
  return Promise.race([
    start().catch(async (error: unknown) => failed(await Promise.race([ended, soon(String(error))]))),
    ended.then(failed),
    aborted(bound).then(() => failed("it does not answer")),
  ]);
}

/** What was in the way of something; undefined where nothing was. */
const whatStops = (work: Promise<void>, { ended }: BrowserProcess, bound: AbortSignal) =>
  Promise.race([
    work.then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)),
    ),
    ended.then((why) => `the browser: ${why}`),
    aborted(bound).then(() => "it was stopped"),
  ]);

/** A screenshot, where one can be had. */
const picture = (page: Page, bound: AbortSignal): Promise<string | undefined> =>
  Promise.race([
    page.screenshot({ encoding: "base64" }).catch(() => undefined),
    aborted(bound).then(() => undefined),
  ]);

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      { once: true },
    );
  });

/** What an error says is less than what the process says, which may come a moment later. */
const soon = (text: string): Promise<string> =>
  new Promise((resolve) => {
    setTimeout(resolve, 500, text);
  });
