import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { z } from "zod";
import { writeSource } from "../files.ts";
import { project } from "../paths.ts";
import { labSchema } from "./schema.ts";

/** Where editors find the schema: lab files name it in their first line. */
export const schemaFile = join(project, "labs", "lab.schema.json");

/** The JSON Schema of a lab file as it is kept in `labs/`, for editors to complete and check lab files by. */
export async function labJsonSchema(): Promise<string> {
  const schema = { title: "A lab of hardway-e2e", ...z.toJSONSchema(labSchema, { io: "input" }) };
  return format(JSON.stringify(schema), { ...(await resolveConfig(schemaFile)), parser: "json" });
}

if (process.argv[1] === import.meta.filename) await writeSource(schemaFile, await labJsonSchema());
