import { expect } from "chai";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ownTemplates } from "../../harness/paths.ts";
import { templateData } from "../../harness/render/data.ts";
import { renderString } from "../../harness/render/template.ts";
import { labPaths } from "../../harness/settings/lab-paths.ts";
import { renderTraced } from "../../harness/settings/trace.ts";
import type { TracedText } from "../../harness/settings/traced-text.ts";
import { aLab } from "../provision/labs.ts";

const data = { a: { on: true, off: false, c: "C" }, list: [{ q: 1 }, { q: 2 }], none: [] };

/** Each line of what a template renders to: the template's line, and the values it came from. */
function lines(traced: TracedText): [text: string, line: number, values: string][] {
  let at = 0;
  return traced.text.split("\n").map((text) => {
    const here = { start: at, end: at + text.length };
    at += text.length + 1;
    return [text, traced.sourceAt(here.start).line, traced.labValuesIn([here]).join(" ")];
  });
}

const traced = (source: string): [string, number, string][] =>
  lines(renderTraced(source, "x.hbs", data, (path) => path.join(".")));

describe("a traced rendering", () => {
  it("knows the line and the value of each line, around conditions", () => {
    expect(traced("x\n{{#if a.on}}\nyes\n{{else}}\nno\n{{/if}}\ny {{a.c}}")).to.deep.equal([
      ["x", 1, ""],
      ["yes", 3, "a.on"],
      ["y C", 7, "a.c"],
    ]);
    expect(traced("x\n{{#if a.off}}\nyes\n{{else}}\nno\n{{/if}}")[1]).to.deep.equal(["no", 5, "a.off"]);
  });

  it("knows which round of a loop a line came from, whatever the names inside are called", () => {
    const source = "{{#each list as |one|}}\n{{one.q}} {{q}} {{../a.c}} {{@root.a.c}}\n{{/each}}\nend";
    expect(traced(source)).to.deep.equal([
      ["1 1 C C", 2, "list.0.q a.c"],
      ["2 2 C C", 2, "list.1.q a.c"],
      ["end", 4, ""],
    ]);
  });

  it("keeps lines right where white space is taken away", () => {
    expect(
      traced("a\n\n  {{~#with a}}\n  {{c}}\n  {{~/with}}\n\nz{{! a comment }}\n{{!-- another --}}\nend"),
    ).to.deep.equal([
      ["a  C", 1, "a.c"],
      ["z", 7, ""],
      ["end", 9, ""],
    ]);
  });

  it("tells what a list that is empty is replaced by", () => {
    expect(traced("{{#each none}}\nx\n{{else}}\nnothing\n{{/each}}")[0]).to.deep.equal([
      "nothing",
      4,
      "none",
    ]);
  });

  it("renders every template of the project as rendering does, each literal line from the line that has it", async () => {
    const lab = await aLab();
    const files = (await readdir(ownTemplates, { recursive: true })).filter((file) => file.endsWith(".hbs"));
    expect(files).to.not.be.empty;
    for (const machine of lab.machines) {
      for (const file of files) {
        const source = await readFile(join(ownTemplates, file), "utf8");
        const values = templateData(lab, machine);
        const text = renderTraced(source, file, values, labPaths(lab, machine, values));
        expect(text.text).to.equal(renderString(source, file, values));
        for (const [line, at, from] of lines(text)) {
          const written = source.split("\n")[at - 1] ?? "";
          if (from !== "" || line.trim() === "" || written.includes("{{")) continue;
          expect(written, `${file}:${at}`).to.contain(line.trim());
        }
      }
    }
  });

  it("calls lab values as the lab file does, whatever a template's data call them", async () => {
    const lab = await aLab();
    const [, worker] = lab.machines;
    if (worker === undefined) throw new Error("the lab has workers");
    const values = templateData(lab, worker);
    const path = labPaths(lab, worker, values);
    expect(path(["machine", "address"])).to.equal("machines[1].address");
    expect(path(["master", "address"])).to.equal("machines[0].address");
    expect(path(["workers", "1", "name"])).to.equal("machines[2].name");
    expect(path(["repositories", "0", "keyPath"])).to.equal("keys[0].path");
    expect(path(["lab", "flannel", "vni"])).to.equal("flannel.vni");
    expect(path(["no", "such"])).to.equal(undefined);
  });
});
