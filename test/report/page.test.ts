import { expect } from "chai";
import type { Page } from "puppeteer-core";
import type { Results } from "../../harness/report/results/schema.ts";
import { desktop, inPage, phone, Reader, smallPhone, type View } from "./browser.ts";
import { faint } from "./contrast.ts";
import { hostile, poisoned } from "./hostile.ts";
import { red } from "./red.ts";
import { green, real } from "./samples.ts";
import { notJudged, nothing } from "./unjudged.ts";
import { unsteady } from "./unsteady.ts";

const samples = { green, real, red, notJudged, nothing, unsteady };
const openAll = "document.querySelectorAll('details').forEach((one) => (one.open = true))";

describe("report.html", () => {
  let reader: Reader;
  before("start a browser", async () => {
    reader = await Reader.start();
  });
  after("end it", () => reader.close());

  async function look<T>(results: Results, view: View, see: (page: Page) => Promise<T>): Promise<T> {
    const { page, complaints, requests } = await reader.open(results, view);
    try {
      const seen = await see(page);
      expect(complaints, "on the console").to.deep.equal([]);
      expect(requests, "asked for").to.deep.equal([]);
      return seen;
    } finally {
      await page.close();
    }
  }

  /** The text of the first element that is wholly within the window. */
  const inWindow = (page: Page, selector: string) =>
    inPage<string | undefined>(
      page,
      `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      }).map((one) => one.innerText.trim())[0]`,
    );

  for (const [name, view] of Object.entries({ desktop, phone })) {
    it(`shows verdict, cause and stand-ins at once on a ${name}`, () =>
      look(red, view, async (page) => {
        expect(await inWindow(page, "h1")).to.equal("The cluster is broken");
        expect(await inWindow(page, ".card h3")).to.equal(
          "worker1's kubelet does not start: unknown flag --api-server",
        );
        expect(await inWindow(page, ".origin p")).to.match(
          /^Stand-ins, programs of ours in the place of the real ones: flanneld, kube-apiserver, .* and kubelet\./,
        );
      }));

    it(`shows at once why nothing was judged on a ${name}`, () =>
      look(notJudged, view, async (page) => {
        expect(await inWindow(page, "h1")).to.equal("Not judged");
        expect(await inWindow(page, ".caution")).to.include("The templates have changed");
        expect(await inWindow(page, ".card h3")).to.equal(
          "worker2: expected an answer over SSH, saw none for 30 s",
        );
      }));
  }

  for (const [name, sample] of Object.entries(samples)) {
    it(`fits a small phone, with everything open: ${name}`, () =>
      look(sample, smallPhone, async (page) => {
        await inPage(page, openAll);
        expect(await inPage<number>(page, "document.documentElement.scrollWidth")).to.equal(smallPhone.width);
      }));

    it(`has its headings in order, and each link's target: ${name}`, () =>
      look(sample, desktop, async (page) => {
        const levels = await inPage<number[]>(
          page,
          "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((one) => Number(one.localName[1]))",
        );
        expect(levels.filter((level) => level === 1)).to.deep.equal([1]);
        expect(levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1)).to.equal(true);
        const dangling = `[...document.querySelectorAll("a")].filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => a.href)`;
        expect(await inPage<string[]>(page, dangling)).to.deep.equal([]);
        const twice = `[...document.querySelectorAll("[id]")].map(({ id }) => id).filter((id, index, all) => all.indexOf(id) !== index)`;
        expect(await inPage<string[]>(page, twice)).to.deep.equal([]);
        expect(await inPage<string>(page, "document.documentElement.lang")).to.equal("en");
      }));
  }

  for (const scheme of ["light", "dark"] as const) {
    for (const [name, sample] of Object.entries({ red, green, notJudged, unsteady })) {
      it(`has text that stands out, with everything open, ${scheme}: ${name}`, () =>
        look(sample, { ...desktop, scheme }, async (page) => {
          await inPage(page, openAll);
          const { texts, faint: found } = await inPage<{ texts: number; faint: string[] }>(page, faint);
          expect(texts).to.be.greaterThan(500);
          expect(found).to.deep.equal([]);
        }));
    }
  }

  it("says the cause with its setting, its log line, its command and what is behind it", () =>
    look(red, desktop, async (page) => {
      const text = await inPage<string>(page, "document.querySelector('#cause-0').innerText");
      for (const part of [
        "failed (exit-code, 1)",
        "14:02:11, 3 s after it was started",
        "unknown flag: --api-server",
        "provision/worker/files/etc/kubernetes/kubelet.hbs:14",
        'KUBELET_API_SERVER="--api-server=http://10.146.47.100:8080"',
        "npm run lab -- ssh worker1 -- sudo journalctl -u kubelet -n 50",
        "6 specs failed for it",
        "19 specs not judged because of it",
      ])
        expect(text).to.include(part);
    }));

  it("never lets a stand-in pass for the real thing, nor what nobody looked at", async () => {
    const said = async (sample: Results) =>
      look(sample, desktop, async (page) => [
        await inPage<string>(page, "document.querySelector('.verdict p').innerText"),
        await inPage<string>(page, "document.querySelector('.origin').innerText"),
      ]);
    expect((await said(green))[0]).to.include("as far as stand-ins can show");
    expect(await said(real)).to.deep.equal([
      "These templates make a cluster that works.",
      "No stand-ins: every program that was looked at was the real one.",
    ]);
    expect((await said(nothing))[1]).to.equal("No machine was looked at: what ran there is not known.");
    expect((await said(notJudged))[1]).to.include("worker2 was not looked at");
  });

  it("draws the lab, with a cross where it broke and none where it did not", async () => {
    const drawn = (sample: Results, view: View) =>
      look(sample, view, async (page) => ({
        crosses: await inPage<number>(
          page,
          "[...document.querySelectorAll('.lab .broken .cross')].filter((one) => one.checkVisibility()).length",
        ),
        ill: await inPage<string[]>(
          page,
          "[...document.querySelectorAll('.lab .ill .name')].filter((one) => one.checkVisibility()).map((one) => one.textContent)",
        ),
        desc: await inPage<string>(page, "document.querySelector('.lab desc').textContent"),
      }));
    for (const view of [desktop, smallPhone]) {
      expect(await drawn(green, view)).to.deep.include({ crosses: 0, ill: [] });
      const { crosses, ill, desc } = await drawn(red, view);
      expect(crosses).to.equal(4);
      expect(ill).to.deep.equal(["worker1"]);
      expect(desc).to.include("Not answered: worker1 to worker2 by container, 10.241.99.2:8080, ");
    }
  });

  it("is filtered from the keyboard, and shows all again", () =>
    look(red, desktop, async (page) => {
      const shown = () =>
        inPage<string[]>(
          page,
          "[...document.querySelectorAll('.spec')].filter((one) => one.checkVisibility()).map((one) => one.dataset.status + ' ' + one.dataset.machine)",
        );
      await page.focus("#filter input[name=status]");
      await page.keyboard.press("ArrowRight");
      expect(await shown()).to.deep.equal(Array.from({ length: 6 }, () => "failed worker1"));
      await page.keyboard.press("Tab");
      await page.keyboard.type("worker2");
      expect(await shown()).to.deep.equal([]);
      expect(await inPage<string>(page, "document.querySelector('#filter output').value")).to.equal(
        "0 of 172 specs",
      );
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Tab");
      await page.keyboard.type("10255 LISTENS");
      expect(await shown()).to.have.lengthOf(1);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForFunction("document.querySelector('#filter output').value === ''");
      expect(await inPage<number>(page, "document.querySelectorAll('.spec[hidden]').length")).to.equal(0);
    }));

  it("opens a spec from the keyboard, and from there the evidence it rests on", () =>
    look(red, desktop, async (page) => {
      await page.focus(".spec[data-status=failed] summary");
      await page.keyboard.press("Enter");
      const link = ".spec[data-status=failed] details[open] a[href^='#fact-']";
      await page.focus(link);
      await page.keyboard.press("Enter");
      await page.waitForFunction("document.querySelector(location.hash)?.open");
      expect(await inPage<string>(page, "document.querySelector(location.hash).innerText")).to.include(
        "ss -Hlntup",
      );
      const ring = "getComputedStyle(document.activeElement).outlineStyle";
      await page.focus("#about ~ .scroll");
      await page.keyboard.press("Tab");
      await page.keyboard.down("Shift");
      await page.keyboard.press("Tab");
      await page.keyboard.up("Shift");
      expect(await inPage<string>(page, ring)).to.equal("solid");
    }));

  it("copies a command", () =>
    look(red, desktop, async (page) => {
      await page.bringToFront();
      await page.focus("#cause-0 .copy");
      await page.keyboard.press("Enter");
      await page.waitForFunction("document.querySelector('[role=status]').textContent === 'Copied'");
      await page.focus("#filter input[name=text]");
      await page.keyboard.down("Control");
      await page.keyboard.press("v");
      await page.keyboard.up("Control");
      expect(await inPage<string>(page, "document.querySelector('#filter input[name=text]').value")).to.equal(
        red.causes[0]?.look,
      );
    }));

  it("is whole without its script: each answer opens at its link, and no control is there that does nothing", () =>
    look(red, { ...desktop, script: false }, async (page) => {
      expect(await inPage<boolean>(page, "document.querySelector('#filter').checkVisibility()")).to.equal(
        false,
      );
      expect(await inPage<number>(page, "document.querySelectorAll('button.copy').length")).to.equal(0);
      await inPage(page, "location.hash = 'fact-3'");
      expect(
        await inPage<boolean>(
          page,
          "document.querySelector('#fact-3 pre').checkVisibility({ contentVisibilityAuto: true })",
        ),
      ).to.equal(true);
    }));

  it("says how steady a spec was, and how soon it held", () =>
    look(unsteady, desktop, async (page) => {
      const text = await inPage<string>(page, "document.querySelector('.top').innerText");
      expect(text).to.include("held in 8 of 10");
      expect(text).to.include("held after 0.8 s at best, 1.1 s in the median, 4.2 s at worst");
    }));

  it("shows what a browser saw", () =>
    look(green, desktop, async (page) => {
      await inPage(page, "document.querySelector('#screenshots').scrollIntoView()");
      const loaded =
        "Promise.all([...document.images].map((one) => one.decode().then(() => one.naturalWidth)))";
      expect(await inPage<number[]>(page, loaded)).to.deep.equal([640, 640]);
    }));

  it("shows hostile text as text, wherever it stands", async () => {
    const counts = (sample: Results) =>
      look(sample, desktop, async (page) => {
        await inPage(page, openAll);
        return inPage<Record<string, number>>(
          page,
          "Object.fromEntries(['script', 'img', 'style', 'title', 'form', 'pre', '[onerror]'].map((one) => [one, document.querySelectorAll(one).length]))",
        );
      });
    for (const sample of [red, green, unsteady, notJudged]) {
      expect(await counts(poisoned(sample))).to.deep.equal(await counts(sample));
    }
    await look(poisoned(red), desktop, async (page) => {
      expect(await inPage(page, "window.broken")).to.equal(undefined);
      const text = await inPage<string>(page, "document.querySelector('.card h3').textContent");
      expect(text.trim()).to.equal(`${red.causes[0]?.sentence ?? ""}${hostile}`);
      const answer = await inPage<string>(page, "document.querySelectorAll('#fact-3 pre')[1].textContent");
      expect(answer).to.equal(`${red.facts[3]?.stdout ?? ""}${hostile}`);
    });
  });
});
