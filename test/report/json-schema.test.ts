import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { project } from "../../harness/paths.ts";
import { resultsJsonSchema, schemaFile } from "../../harness/report/results/json-schema.ts";
import { resultsSchema } from "../../harness/report/results/schema.ts";
import * as samples from "./some-results.ts";

describe("the results' JSON Schema", () => {
  it("is kept as the schema makes it (npx tsx harness/report/results/json-schema.ts writes it anew)", async () => {
    expect(await readFile(schemaFile, "utf8")).to.equal(await resultsJsonSchema());
  });

  it("has each of its fields told of in docs/results.md", async () => {
    const page = await readFile(join(project, "docs", "results.md"), "utf8");
    const untold = Object.keys(resultsSchema.shape).filter(
      (field) => !new RegExp(`\`${field}\\b`).test(page),
    );
    expect(untold).to.deep.equal([]);
  });

  it("is what the tests' own samples keep to", () => {
    for (const results of [samples.someResults(), samples.brokenResults(), samples.unsteadyResults()]) {
      expect(resultsSchema.parse(results)).to.deep.equal(results);
    }
    for (const results of [samples.stoppedResults(), samples.hostileResults()]) {
      expect(resultsSchema.parse(results)).to.deep.equal(results);
    }
  });
});
