import { expect } from "chai";
import { execa } from "execa";
import { json, ruby, sh } from "../../harness/render/quote.ts";

/** Texts that mean something else to Ruby, to a shell or to both. */
const hostile = [
  "",
  "it's",
  "\\",
  "\\'",
  "'; exit 3; '",
  '"double"',
  "#{exit 3} #$0 #@x",
  "$(exit 3) `exit 3` ${HOME} $HOME",
  "a\nb\r\nc\rd\te\u0085f\u2028g",
  "x\n__END__\n=begin\ny",
  "<<EOS\n%q(x)\nEOS",
  "\u0004\u001a\u001b[31m",
  "é 漢字 😀 \u{10ffff}",
  "* ? [a-z] ~ ! ; & | > < ( ) { }",
  "-n -e --",
];

describe("quoting for Ruby", () => {
  it("makes literals that Ruby reads as the very text", async () => {
    const texts = [...hostile, "a\0b"];
    const script = `require "json"\nputs JSON.generate([\n${texts.map(ruby).join(",\n")}\n])\n`;
    const { stdout } = await execa("ruby", ["-W2", "-"], { input: script });
    expect(JSON.parse(stdout)).to.deep.equal(texts);
  });

  it("starts and ends each literal with a quote and has no line break in it, so that it cannot leave its line", () => {
    for (const text of hostile) expect(ruby(text)).to.match(/^(['"])[^\r\n]*['"]$/);
  });

  it("writes numbers and booleans bare, and nothing else", () => {
    expect([ruby(1536), ruby(true)]).to.deep.equal(["1536", "true"]);
    expect(() => ruby({})).to.throw(TypeError, "saw a");
    expect(() => ruby(undefined)).to.throw(TypeError, "saw nothing");
  });
});

describe("quoting for a shell", () => {
  for (const shell of ["sh", "bash"]) {
    it(`makes words that ${shell} passes on as the very text`, async () => {
      const script = hostile.map((text) => `printf '%s\\0' ${sh(text)}`).join("\n");
      const { stdout } = await execa(shell, ["-eu", "-s"], { input: script, stripFinalNewline: false });
      expect(stdout.split("\0").slice(0, -1)).to.deep.equal(hostile);
    });
  }

  it("makes one word of a number", () => {
    expect(sh(8472)).to.equal("'8472'");
  });

  it("refuses what no shell can carry", () => {
    expect(() => sh("a\0b")).to.throw(TypeError, "NUL");
    expect(() => sh(["a"])).to.throw(TypeError, "saw a");
  });
});

describe("quoting as JSON", () => {
  it("makes values that read back, on one line", () => {
    const value = { hostile };
    expect(JSON.parse(json(value))).to.deep.equal(value);
    expect(json(value)).not.to.contain("\n");
  });
});
