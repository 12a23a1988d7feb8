import { expect } from "chai";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { BadConfiguration } from "../../harness/errors.ts";
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

  /** What reading a catalogue complains of, each as `line:column  path: …`. */
  async function complaints(...entries: Record<string, unknown>[]): Promise<string[]> {
    const file = join(scratch, "catalogue.yaml");
    await writeFile(file, stringify({ mutants: entries }));
    return readCatalogue(file).then(
      () => [],
      (error: unknown) => {
        if (!(error instanceof BadConfiguration)) throw error;
        return error.details.map((detail) => detail.replace(`${file}:`, ""));
      },
    );
  }

  const sound = {
    name: "one",
    fact: "docs/facts/kubernetes-1.5.2.md",
    file: "worker/files/etc/modules-load.d/kubernetes.conf",
    from: "br_netfilter",
    to: "vxlan",
    blames: "worker/files/etc/modules-load.d/kubernetes.conf br_netfilter",
  };

  it("is taken where each mutant changes one place, the second change on what the first has left", async () => {
    const also = [{ file: sound.file, from: "vxlan", to: "x" }];
    expect(await complaints(sound, { ...sound, name: "two", also })).to.deep.equal([]);
  });

  for (const [what, change, says] of [
    [
      "a text that is not there",
      { from: "br_netfiltre" },
      /^5:11 {2}mutants\[0\]\.from: expected a text that stands once in .*, saw "br_netfiltre" 0 times\n {2}hint {2}did you mean "br_netfilter"\?/,
    ],
    [
      "a text that is there twice",
      { from: "r" },
      /from: expected .* saw "r" \d+ times\n {2}hint {2}take more of the text/,
    ],
    ["an empty text", { from: "" }, /from: expected a text that is not empty/],
    ["a change that changes nothing", { to: "br_netfilter" }, /to: expected another text than `from`/],
    [
      "a file that is not there",
      { file: "worker/files/etc/modules-load.d/kubernets.conf" },
      /file: expected the path of a file .*\n {2}hint {2}did you mean `worker\/files\/etc\/modules-load\.d\/kubernetes\.conf`/,
    ],
    [
      "a file above the templates",
      { file: "../package.json" },
      /file: expected .*, saw \.\.\/package\.json, which leads out of it/,
    ],
    ["a file by its whole path", { file: "/etc/hostname" }, /which leads out of it/],
    ["a file by a way around", { file: "worker/../../package.json" }, /which leads out of it/],
    [
      "a second change that is none",
      { also: [{ file: sound.file, from: "br_netfilter", to: "y" }] },
      /mutants\[0\]\.also\[0\]\.from: expected .* saw "br_netfilter" 0 times/,
    ],
    [
      "a second file that is not there",
      { also: [{ file: "x", from: "a", to: "y" }] },
      /also\[0\]\.file: expected/,
    ],
    ["a name with blanks", { name: "a b" }, /name: expected a name such as/],
    ["a key too many", { blame: "x" }, /`blame`\n {2}hint {2}did you mean `blames`/],
  ] as const) {
    it(`is refused with ${what}, at its line`, async () => {
      const [first, ...more] = await complaints({ ...sound, ...change });
      expect(first).to.match(says);
      expect(more).to.deep.equal([]);
    });
  }

  it("is refused where two mutants have one name", async () => {
    expect((await complaints(sound, { ...sound })).join()).to.match(
      /^8:11 {2}mutants\[1\]\.name: expected a value of its own/,
    );
  });
});
