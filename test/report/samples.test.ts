import { expect } from "chai";
import { resultsSchema } from "../../harness/report/results/schema.ts";
import { red } from "./red.ts";
import { green, real } from "./samples.ts";
import { notJudged, nothing } from "./unjudged.ts";
import { unsteady } from "./unsteady.ts";

describe("sample results", () => {
  for (const [name, sample] of Object.entries({ green, real, red, notJudged, nothing, unsteady })) {
    it(`of a run that is ${name} are results`, () => {
      expect(resultsSchema.parse(sample)).to.deep.equal(sample);
    });
  }

  it("have every status, and specs enough to be like a run's", () => {
    const statuses = new Set(
      [red, notJudged, unsteady].flatMap(({ specs }) => specs.map((one) => one.status)),
    );
    expect([...statuses]).to.have.members(["passed", "failed", "not judged", "unsteady"]);
    expect(green.specs.length).to.be.greaterThan(150);
  });
});
