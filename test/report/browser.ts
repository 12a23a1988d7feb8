import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { htmlReport } from "../../harness/report/html/page.ts";
import type { Results } from "../../harness/report/results/schema.ts";

/** How a page is looked at. */
export interface View {
  width: number;
  height: number;
  scheme?: "light" | "dark";
  script?: boolean;
}

export const desktop: View = { width: 1280, height: 800 };
export const phone: View = { width: 390, height: 844 };
export const smallPhone: View = { width: 360, height: 740 };

/** A report opened as a file in a real browser, and what the browser had to say of it. */
interface Opened {
  page: Page;
  /** Errors and warnings on the console, and what was thrown. */
  complaints: string[];
  /** Every address that was asked for, the report's own apart. */
  requests: string[];
}

/** Debian's Chromium, and a folder for the reports it opens. */
export class Reader {
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser;
    this.#folder = folder;
  }

  static async start(): Promise<Reader> {
    const folder = await mkdtemp(join(tmpdir(), "hardway-report-"));
    // Tests run as root, where Chromium has no sandbox.
    const browser = await puppeteer.launch({
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    });
    return new Reader(browser, folder);
  }

  async #open(results: Results, { scheme = "light", script = true, ...viewport }: View): Promise<Opened> {
    const file = join(this.#folder, "report.html");
    await writeFile(file, htmlReport(results));
    const { href } = pathToFileURL(file);
    const page = await this.#browser.newPage();
    const [complaints, requests]: [string[], string[]] = [[], []];
    page.on("console", (message) => {
      if (["error", "warn"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      const url = request.url();
      if (url.split("#")[0] !== href && !url.startsWith("data:")) requests.push(url);
    });
    await page.setJavaScriptEnabled(script);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport(viewport);
    await page.goto(href);
    return { page, complaints, requests };
  }

  /** What there is to see in a report. @throws AssertionError where the browser complained, or asked for anything */
  async look<T>(results: Results, view: View, see: (page: Page) => Promise<T>): Promise<T> {
    const { page, complaints, requests } = await this.#open(results, view);
    try {
      const seen = await see(page);
      expect(complaints, "on the console").to.deep.equal([]);
      expect(requests, "asked for").to.deep.equal([]);
      return seen;
    } finally {
      await page.close();
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#folder, { recursive: true });
  }
}

/** What an expression of JavaScript comes to in the page; the page's own policy does not bind it. */
export const inPage = async <T>(page: Page, expression: string): Promise<T> =>
  (await page.evaluate(expression)) as T;

/** Opens everything that can be opened. */
export const openAll = (page: Page): Promise<void> =>
  inPage(page, "document.querySelectorAll('details').forEach((one) => (one.open = true))");
