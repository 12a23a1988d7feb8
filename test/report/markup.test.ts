import { expect } from "chai";
import { againCommand } from "../../harness/report/html/command.ts";
import { escaped, html, printed } from "../../harness/report/html/markup.ts";
import { duration, expectation, listed, moment } from "../../harness/report/html/wording.ts";
import { green } from "./samples.ts";
import { suite } from "./suite.ts";

describe("the report's markup", () => {
  it("takes what is put into it for text, in elements and in attributes", () => {
    expect(html`<p title="${'" onclick="x'}">${"<b>&'"}</p>`.toString()).to.equal(
      '<p title="&quot; onclick=&quot;x">&lt;b&gt;&amp;&#39;</p>',
    );
  });

  it("takes markup made the same way as it is, lists part by part, and leaves out what is not there", () => {
    expect(html`${[html`<i>${"&"}</i>`, "<", 3, undefined, false]}`.toString()).to.equal("<i>&amp;</i>&lt;3");
  });

  it("shows characters that a terminal or a reader's eye would act on", () => {
    expect(escaped("\u001b[31mred\u0007 \u202egnp.exe\t\n")).to.equal("␛[31mred␇ ⟨U+202E⟩gnp.exe\t\n");
  });

  it("keeps the first empty line of what was printed", () => {
    expect(printed("\nsecond").toString()).to.equal('<pre tabindex="0">\n\nsecond</pre>');
  });
});

describe("the report's words", () => {
  it("say durations as a person does", () => {
    expect([0, 12.4, 4210, 80_300, 119_960, 192_000, 3_900_000].map(duration)).to.deep.equal([
      "0 ms",
      "12 ms",
      "4.2 s",
      "80.3 s",
      "2 min 0 s",
      "3 min 12 s",
      "1 h 5 min",
    ]);
  });

  it("say moments in UTC, and what is no moment as it is", () => {
    expect(moment("2026-11-23T07:35:00+02:00").toString()).to.include("2026-11-23 05:35:00 UTC");
    expect(moment("<soon>").toString()).to.equal("&lt;soon&gt;");
  });

  it("tell apart what was expected and what was seen", () => {
    expect(expectation("worker1 kubelet: expected tcp 4194 to be listening, saw 22, 10250")).to.deep.equal({
      about: "worker1 kubelet",
      expected: "tcp 4194 to be listening",
      saw: "22, 10250",
    });
    expect(expectation("it broke")).to.equal(undefined);
  });

  it("list as a sentence does", () => {
    expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listed)).to.deep.equal([
      "",
      "a",
      "a and b",
      "a, b and c",
    ]);
  });
});

describe("the command that judges a spec again", () => {
  it("finds each spec by its title, with nothing that a shell would act on", () => {
    for (const spec of suite) {
      const command = againCommand(green, spec);
      const [, pattern = ""] = /^npm run lab -- verify --lab embedded --grep '([^']*)'$/.exec(command) ?? [];
      expect(spec.title.join(" "), command).to.match(new RegExp(pattern));
      expect(pattern).to.match(/^\^[\w ,:;=@%.-]+\$$/);
    }
  });

  it("names a lab that is not the project's by its file", () => {
    const [spec] = suite;
    if (spec === undefined) throw new Error("there is no spec");
    const lab = { ...green.lab, file: "../my labs/three.yaml" };
    expect(againCommand({ ...green, lab }, spec)).to.include("--lab '../my labs/three.yaml' ");
  });
});
