import { z } from "zod";
import { settingSchema } from "./spec.ts";

/** A broken link that no other broken link explains: the cause, where its dependents are symptoms. */
export const causeSchema = z.object({
  link: z.string().describe("what is broken, in the graph of grounds: worker1/kubelet"),
  machines: z
    .array(z.string())
    .describe("where the same is broken for the same reason, the first seen first"),
  sentence: z.string().describe("the whole cause in one sentence"),
  message: z.string().describe("what was expected and what was seen"),
  since: z.string().optional().describe("since when, as the machine tells it"),
  log: z
    .object({ machine: z.string(), unit: z.string(), line: z.string() })
    .optional()
    .describe("the line of the daemon's log that says why"),
  setting: settingSchema.optional().describe("the setting that governs it"),
  others: z.array(settingSchema).describe("further settings it may be, the likeliest first"),
  look: z.string().optional().describe("the command that shows it"),
  specs: z.array(z.array(z.string())).describe("the titles of the specs that failed for it"),
  symptoms: z.number().int().nonnegative().describe("how many specs were not judged because of it"),
});
export type Cause = z.output<typeof causeSchema>;
