import { z } from "zod";
import { settingSchema } from "./spec.ts";

const candidateSchema = settingSchema.extend({
  evidence: z.array(z.string()).describe("what points at it, a sentence each"),
});
export type CauseCandidate = z.output<typeof candidateSchema>;

/** A broken component that no other broken component explains: the cause, where what depends on it are symptoms. */
export const causeSchema = z.object({
  link: z.string().describe("what is broken, in the graph of components: worker1/kubelet"),
  machines: z
    .array(z.string())
    .describe("where the same is broken for the same reason, the first seen first"),
  also: z.array(z.string()).describe("other components that the same setting breaks"),
  sentence: z.string().describe("the whole cause in one sentence"),
  message: z.string().describe("what was expected and what was seen"),
  since: z.string().optional().describe("since when, as the machine tells it"),
  log: z
    .object({ machine: z.string(), unit: z.string(), line: z.string() })
    .optional()
    .describe("the line of the daemon's log that says why"),
  sureness: z
    .enum(["proved", "set by", "one of", "files", "none"])
    .describe(
      "set by: direct evidence points at one setting and at no other; one of: the candidates, the likeliest first; files: nothing points at one line of these; none: no setting of these templates explains it",
    ),
  candidates: z.array(candidateSchema).describe("the settings that can be behind it, five at most"),
  files: z.array(z.string()).describe("what the component reads, where nothing points at a line of it"),
  look: z.string().optional().describe("the command that shows it"),
  specs: z.array(z.array(z.string())).describe("the titles of the specs that failed for it"),
  symptoms: z.number().int().nonnegative().describe("how many specs were not judged because of it"),
});
export type Cause = z.output<typeof causeSchema>;
