import { expect } from "chai";
import type { Page } from "puppeteer-core";
import type { Results } from "../../harness/report/results/schema.ts";
import { desktop, inPage, phone, openAll, Reader, smallPhone, type View } from "./browser.ts";
import { hostile, poisoned } from "./hostile.ts";
import { red } from "./red.ts";
import { green, real } from "./samples.ts";
import { notJudged, nothing } from "./unjudged.ts";
import { unsteady } from "./unsteady.ts";

describe("report.html", () => {
  let reader: Reader;
  before("start a browser", async () => {
    reader = await Reader.start();
  });
  after("end it", () => reader.close());
  const look: Reader["look"] = (results, view, see) => reader.look(results, view, see);

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
          "worker1 kubelet: expected active (running), saw failed (exit-code, 1)",
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
        await openAll(page);
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
      expect(text.trim()).to.equal(`${red.causes[0]?.message ?? ""}${hostile}`);
      const answer = await inPage<string>(page, "document.querySelectorAll('#fact-3 pre')[1].textContent");
      expect(answer).to.equal(`${red.facts[3]?.stdout ?? ""}${hostile}`);
    });
  });
});
