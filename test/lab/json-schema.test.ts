import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { labJsonSchema, schemaFile } from "../../harness/lab/json-schema.ts";

describe("the lab file's JSON Schema", () => {
  it("is kept as the schema makes it (npx tsx harness/lab/json-schema.ts writes it anew)", async () => {
    expect(await readFile(schemaFile, "utf8")).to.equal(await labJsonSchema());
  });
});
