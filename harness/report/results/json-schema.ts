import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { z } from "zod";
import { writeSource } from "../../files.ts";
import { project } from "../../paths.ts";
import { resultsSchema } from "./schema.ts";

/** Where tools that read results find their schema; docs/results.md tells of it. */
export const schemaFile = join(project, "docs", "results.schema.json");

/**
 * The JSON Schema of a run's `results.json` as it is kept in `docs/`. It lets further fields pass: they may be added
 * within a version, and a tool must not stop at them.
 */
export async function resultsJsonSchema(): Promise<string> {
  const schema = {
    title: "The results of a run of hardway-e2e",
    ...z.toJSONSchema(resultsSchema, { io: "input" }),
  };
  return format(JSON.stringify(schema), { ...(await resolveConfig(schemaFile)), parser: "json" });
}

if (process.argv[1] === import.meta.filename) await writeSource(schemaFile, await resultsJsonSchema());
