import { z } from "zod";
import { readYaml } from "../lab/document.ts";
import { ownTemplates, typedPath } from "../paths.ts";
import { brokenCatalogue } from "./check.ts";

const mutantSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,100}$/, "expected a name such as no-key-for-the-controllers")
    .describe("what is wrong, in a few words"),
  fact: z.string().describe("where the facts say what this looks like"),
  file: z.string().describe("the template, step or role file, relative to the templates' folder"),
  from: z.string().min(1).describe("the text that is replaced; it stands in the file exactly once"),
  to: z.string(),
  also: z
    .array(z.strictObject({ file: z.string(), from: z.string().min(1), to: z.string() }))
    .default([])
    .describe("what must change with it, so that exactly this one thing is wrong"),
  line: z.number().int().positive().optional().describe("the line that is broken, of a generated one"),
  blames: z.string().describe("the setting the verdict must name: FILE NAME"),
});
export type Mutant = z.output<typeof mutantSchema>;

const catalogueSchema = z.strictObject({ mutants: z.array(mutantSchema).min(1) });

/**
 * The mutants in a catalogue: labs with exactly one setting broken on purpose.
 * @param templates the folder of the healthy roles, which they change
 * @throws BadConfiguration with each mistake at its line: also a change that cannot be made
 */
export async function readCatalogue(file: string, templates = ownTemplates): Promise<Mutant[]> {
  const { mutants } = await readYaml(typedPath(file), file, {
    noun: "catalogue of mutants",
    schema: catalogueSchema,
    help: "test/mutants.yaml is a working example",
    check: async (value) => {
      const { data } = catalogueSchema.safeParse(value);
      return data === undefined ? [] : brokenCatalogue(data.mutants, templates);
    },
  });
  return mutants;
}
