import type { Page } from "puppeteer-core";
import { setTimeout as pause } from "node:timers/promises";
import type { Seen } from "./seen.ts";

/** What is noted in the course of a visit. */
export type Notes = Pick<Seen, "title" | "lines" | "console" | "unreached"> & { posted?: string };

/** Where a person would type, and what they would press. */
const field = 'input:not([type]), input[type="text"], textarea';
const button = 'form button, form input[type="submit"]';

const betweenLooks = 500;

/** Keeps what the page complains of, from now on. */
export function listen(page: Page, url: string, notes: Notes): void {
  page.on("console", (message) => {
    if (message.type() === "error") notes.console.push(message.text());
  });
  page.on("pageerror", (error) => {
    notes.console.push(error instanceof Error ? error.message : String(error));
  });
  page.on("requestfailed", (request) => {
    if (!URL.canParse(request.url()) || new URL(request.url()).host === new URL(url).host) return;
    notes.unreached.push(`${request.url()} ${request.failure()?.errorText ?? ""}`.trim());
  });
}

/**
 * Opens the guestbook, types a message, presses the button, and opens the page again, until the message is listed:
 * only a page that was opened anew shows what was stored.
 * @throws what keeps a person from going on, and the signal's reason
 */
export async function leaveMessage(
  page: Page,
  url: string,
  message: string,
  notes: Notes,
  signal: AbortSignal,
): Promise<void> {
  const settled = { waitUntil: "networkidle0", timeout: 0, signal } as const;
  await page.goto(url, settled);
  await look(page, notes);
  const input = await page.$(field);
  if (input === null) throw new Error("there is no field to type into");
  await input.click();
  await page.keyboard.type(message);
  const answered = page.waitForResponse((response) => isStoring(response.url()), { timeout: 0, signal });
  const [answer] = await Promise.all([answered, submit(page)]);
  notes.posted = `${answer.status()} ${(await answer.text()).slice(0, 200)}`;
  for (;;) {
    await page.reload(settled);
    await look(page, notes);
    if (notes.lines.includes(message)) return;
    await pause(betweenLooks, undefined, { signal });
  }
}

async function submit(page: Page): Promise<void> {
  const pressed = await page.$(button);
  if (pressed === null) await page.keyboard.press("Enter");
  else await pressed.click();
}

const isStoring = (url: string): boolean => new URL(url).searchParams.get("cmd") === "set";

/** What there is to read now. */
async function look(page: Page, notes: Notes): Promise<void> {
  notes.title = await page.title();
  const text = String(await page.evaluate("document.body.innerText"));
  notes.lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
