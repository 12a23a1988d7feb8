import { expect } from "chai";
import type { Lab } from "../../harness/lab/lab.ts";
import { sh } from "../../harness/render/quote.ts";
import { fixedLab } from "./labs.ts";
import { scriptsFor } from "./rendered.ts";

const mark = "HOSTILE";
const hostile = `'"\\ $(touch ${mark}) \`touch ${mark}\` ; touch ${mark} #\n`;

/** The same value with every text in it made hostile; each is kept in `texts`. */
function poisoned<Value>(value: Value, texts: Set<string>): Value {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => {
    if (typeof inner !== "string") return inner;
    const text = inner + hostile;
    texts.add(text);
    return text;
  }) as Value;
}

describe("hostile values of a lab", () => {
  it("reach scripts as quoted words, and in no other way", async () => {
    const texts = new Set<string>();
    const plain = await fixedLab("embedded");
    const lab: Lab = poisoned(plain, texts);
    let quoted = 0;
    for (const [index, { role }] of plain.machines.entries()) {
      const machine = { ...(lab.machines[index] ?? lab.master), role };
      for (const [path, script] of Object.entries(await scriptsFor(lab, machine))) {
        const words = [...texts].map(sh).filter((word) => script.includes(word));
        quoted += words.length;
        expect(
          words.reduce((text, word) => text.replaceAll(word, ""), script),
          path,
        ).not.to.contain(mark);
      }
    }
    expect(quoted).to.be.greaterThan(0);
  });
});
