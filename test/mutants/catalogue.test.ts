import { expect } from "chai";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { breed } from "../../harness/mutants/breed.ts";
import { readCatalogue, type Mutant } from "../../harness/mutants/mutant.ts";
import { ownTemplates, project } from "../../harness/paths.ts";
import { loadRoles } from "../../harness/provision/roles.ts";

describe("the catalogue of mutants", () => {
  let mutants: Mutant[] = [];
  let scratch = "";
  before(async () => {
    mutants = await readCatalogue(join(project, "test", "mutants.yaml"));
    scratch = await mkdtemp(join(tmpdir(), "hardway-breed-"));
  });
  after(() => rm(scratch, { recursive: true }));

  it("changes templates that are there, each mutant in its own way, into roles that still load", async () => {
    expect(mutants.length).to.be.greaterThan(14);
    for (const mutant of mutants) {
      const folder = join(scratch, mutant.name);
      await breed(mutant, ownTemplates, folder);
      expect(await readFile(join(folder, mutant.file), "utf8")).to.not.equal(
        await readFile(join(ownTemplates, mutant.file), "utf8"),
      );
      await loadRoles(folder);
    }
  });

  it("refuses a mutant whose text is not there, or there twice: it would prove nothing", async () => {
    const [mutant] = mutants;
    for (const [from, times] of [
      ["no such text", 0],
      ["=", 2],
    ] as const) {
      const error = await breed(
        { ...(mutant as Mutant), name: `x${times}`, from },
        ownTemplates,
        join(scratch, `x${times}`),
      ).then(
        () => undefined,
        (thrown: unknown) => thrown as Error,
      );
      expect(error?.message).to.match(/expected ".+" once in .+, saw it \d+ times$/);
    }
  });
});
