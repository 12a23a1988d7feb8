import { expect } from "chai";
import { desktop, inPage, Reader } from "./browser.ts";
import { red } from "./red.ts";

describe("report.html, used,", () => {
  let reader: Reader;
  before("start a browser", async () => {
    reader = await Reader.start();
  });
  after("end it", () => reader.close());
  const look: Reader["look"] = (results, view, see) => reader.look(results, view, see);

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
});
