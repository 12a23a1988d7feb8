import { expect } from "chai";
import { desktop, inPage, openAll, Reader, smallPhone } from "./browser.ts";
import { faint } from "./contrast.ts";
import { red } from "./red.ts";
import { green, real } from "./samples.ts";
import { notJudged, nothing } from "./unjudged.ts";
import { unsteady } from "./unsteady.ts";

const samples = { green, real, red, notJudged, nothing, unsteady };

describe("report.html, for every reader,", () => {
  let reader: Reader;
  before("start a browser", async () => {
    reader = await Reader.start();
  });
  after("end it", () => reader.close());
  const look: Reader["look"] = (results, view, see) => reader.look(results, view, see);

  for (const [name, sample] of Object.entries(samples)) {
    it(`fits a small phone, with everything open: ${name}`, () =>
      look(sample, smallPhone, async (page) => {
        await openAll(page);
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
          await openAll(page);
          const { texts, faint: found } = await inPage<{ texts: number; faint: string[] }>(page, faint);
          expect(texts).to.be.greaterThan(500);
          expect(found).to.deep.equal([]);
        }));
    }
  }
});
