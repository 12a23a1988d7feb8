import { expect } from "chai";
import { BadConfiguration } from "../../harness/errors.ts";
import { renderString, renderTemplate } from "../../harness/render/template.ts";

const data = {
  lab: { name: "it's", none: [], off: false, zero: 0 },
  machines: [{ name: "a" }, { name: "b" }],
};

function refusal(source: string): BadConfiguration {
  try {
    renderString(source, "provision/worker/files/etc/x.hbs", data);
  } catch (error) {
    if (error instanceof BadConfiguration) return error;
    throw error;
  }
  throw new Error(`rendered: ${source}`);
}

describe("rendering a template", () => {
  it("writes values as they are, escaping nothing", () => {
    expect(renderString("{{lab.name}} <{{lab.zero}}> {{lab.off}}", "x", data)).to.equal("it's <0> false");
  });

  it("knows blocks, their data and the data around them", () => {
    const source = "{{#each machines}}{{@index}}{{name}}{{@root.lab.zero}}{{../lab.zero}} {{/each}}";
    expect(renderString(source, "x", data)).to.equal("0a00 1b00 ");
    const choice = "{{#if lab.off}}on{{else}}off{{/if}}{{#each lab.none}}x{{else}} none{{/each}}";
    expect(renderString(choice, "x", data)).to.equal("off none");
  });

  it("quotes for Ruby, for a shell and as JSON", () => {
    expect(renderString("{{ruby lab.name}} {{sh lab.name}} {{json lab.name}}", "x", data)).to.equal(
      `'it\\'s' 'it'\\''s' "it's"`,
    );
  });

  for (const [what, source, place, missing] of [
    ["a value", "a\n  {{lab.nmae}}", "2:5", "nmae"],
    ["a value's owner", "{{labs.name}}", "1:3", "labs"],
    ["what is inside an absent value", "{{lab.box.name}}", "1:3", "box"],
    ["what is inside a text", "{{lab.name.first}}", "1:3", "first"],
    ["a helper's argument", "a\nb\nc {{ruby nmae}}", "3:10", "nmae"],
    ["a condition", "{{#if lab.on}}x{{/if}}", "1:7", "on"],
    ["a list", "\n{{#each lab.some}}x{{/each}}", "2:9", "some"],
    ["an entry's value", "{{#each machines}}\n{{adress}}\n{{/each}}", "2:3", "adress"],
    ["an entry's value under a name", "{{#each machines as |m|}}{{m.x}}{{/each}}", "1:28", "x"],
    ["a value looked up by a name", "{{lookup lab 'box'}}", "1:1", "box"],
  ] as const) {
    it(`refuses ${what} that is missing, with its line`, () => {
      const { message, details, hint } = refusal(source);
      expect(message).to.equal(
        `provision/worker/files/etc/x.hbs:${place}  expected a value for "${missing}", saw none in the template's data`,
      );
      expect(hint).to.equal("a template can name lab, machines; its helpers are ruby, sh, json");
      expect(details).to.deep.equal([source.split("\n")[Number(place.split(":")[0]) - 1]?.trim()]);
    });
  }

  for (const [what, source, place] of [
    ["a block left open", "a\n{{#if lab.off}}\nb\n", "4"],
    ["blocks that cross", "a\n{{#if lab.off}}{{/each}}", "2:4"],
    ["a helper it does not know", "a\n{{upper lab.name}}", "2:1"],
    ["a value that cannot be quoted", "a\n\n{{sh machines}}", "3:1"],
  ] as const) {
    it(`refuses ${what}, with its line`, () => {
      expect(refusal(source).message).to.match(
        new RegExp(`x\\.hbs:${place} {2}expected a template, saw an error: .+`),
      );
    });
  }

  it("names a file of the project by its path in it", async () => {
    try {
      await renderTemplate("Vagrantfile.hbs", {});
      expect.fail("rendered without data");
    } catch (error) {
      expect(error).to.be.instanceOf(BadConfiguration);
      expect(String(error)).to.match(
        /BadConfiguration: Vagrantfile\.hbs:\d+:\d+ {2}expected a value for "box"/,
      );
    }
  });
});
