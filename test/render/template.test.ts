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

  for (const [what, source, place, says] of [
    ["a block left open", "a\n{{#if lab.off}}\nb\n", "2:1", "{{/if}} further down, saw no end of this block"],
    ["blocks that cross", "a\n{{#if lab.off}}{{/each}}", "2:4", "{{/if}} to end this block, saw {{/each}}"],
    ["a name left open", "{{lab.name", "1:7", "well-formed {{…}}"],
    ["a comment left open", "a {{!-- b", "1:3", "well-formed {{…}}"],
    [
      "a helper it does not know",
      "a\n{{uppercase lab.name}}",
      "2:1",
      "one of ruby, sh, json, lookup, saw `uppercase`",
    ],
    ["a helper's name misspelt", "{{rubi lab.name}}", "1:1", "`ruby`, saw `rubi`"],
    ["what Handlebars calls itself", "{{helperMissing}}", "1:1", "which is no helper"],
    ["a helper of Handlebars' that prints elsewhere", "{{log lab.name}}", "1:1", "which is no helper"],
    [
      "a value that cannot be quoted",
      "a\n\n{{sh machines}}",
      "3:1",
      "to write as a shell word, saw a list of 2",
    ],
    ["a helper without a value", "{{json}}", "1:1", "1 value for `json`, saw 0 values"],
    ["a helper with two", "{{sh lab.name lab.zero}}", "1:1", "1 value for `sh`, saw 2 values"],
    ["a helper with a name", "{{sh lab.name as=1}}", "1:15", "values only for `sh`, saw as=…"],
    ["a helper as a block", "{{#sh lab.name}}x{{/sh}}", "1:1", "saw a block, {{#sh}}, which `sh` is not"],
    ["a block as a helper", "{{if lab.off}}", "1:1", "a block: {{#if …}} … {{/if}}, saw {{if}}"],
    ["a block with names it does not give", "{{#if lab.off as |x|}}{{/if}}", "1:1", "no names from `if`"],
    ["a round over a text", "{{#each lab.name}}x{{/each}}", "1:1", "a list or a map for `each`, saw a text"],
    ["a partial", "a\n{{> other}}", "2:1", "saw a partial"],
    ["a partial block", "{{#> other}}{{/other}}", "1:1", "saw a partial"],
    ["a decorator", "{{* other}}", "1:1", "saw a decorator"],
    ["a block of decorators", '{{#*inline "a"}}{{/inline}}', "1:1", "saw a decorator"],
    ["a map", "{{lab}}", "1:1", "a text, a number or a boolean to write, saw a map of name, none, off, zero"],
    ["a list", "{{machines}}", "1:1", "saw a list of 2"],
    ["everything", "{{this}}", "1:1", "saw a map of lab, machines"],
    ["what is around everything", "{{..}}", "1:1", "saw nothing"],
    ["a literal in the place of a name", "{{5}}", "1:1", "a value's name, saw 5"],
    ["20 000 blocks in each other", "{{#if lab.off}}".repeat(20_000), "1:961", "not so deep"],
    ["20 000 brackets in each other", `{{sh ${"(".repeat(20_000)}`, "1:70", "not so deep"],
    [
      "rounds without end",
      "{{#each @root.machines}}".repeat(60) + "{{/each}}".repeat(60),
      "1:\\d+",
      "at most",
    ],
  ] as const) {
    it(`refuses ${what}, with its place`, () => {
      const { message } = refusal(source);
      expect(message).to.match(new RegExp(`x\\.hbs:${place} {2}expected `));
      expect(message).to.contain(says);
    });
  }

  for (const source of [
    "{{constructor}}",
    "{{__proto__}}",
    "{{lab.toString}}",
    "{{machines.map}}",
    "{{lab.name.constructor}}",
    "{{#if lab.constructor}}x{{/if}}",
    "{{#with lab as |l|}}{{l.hasOwnProperty}}{{/with}}",
    "{{@root.constructor}}",
    "{{lookup lab 'constructor'}}",
    "{{#each machines}}{{this.valueOf}}{{/each}}",
  ]) {
    it(`takes nothing that every object has for a value: ${source}`, () => {
      expect(refusal(source).message).to.match(/x\.hbs:1:\d+ {2}expected a value for "\w+", saw none/);
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
