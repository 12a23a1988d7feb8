import { z } from "zod";
import { readYaml } from "../lab/document.ts";
import { typedPath } from "../paths.ts";

const mutantSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]+$/)
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

/** The mutants in a catalogue: labs with exactly one setting broken on purpose. @throws BadConfiguration */
export async function readCatalogue(file: string): Promise<Mutant[]> {
  const { mutants } = await readYaml(typedPath(file), file, {
    noun: "catalogue of mutants",
    schema: catalogueSchema,
    help: "test/mutants.yaml is a working example",
  });
  return mutants;
}
