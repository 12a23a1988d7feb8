import { z } from "zod";

/** What governs something, where it is written, and what it came to on the machine. */
export const settingSchema = z.object({
  file: z.string().describe("the template, step or role file, relative to the project"),
  line: z.number().int().positive().optional().describe("none where no line of the file sets it"),
  name: z.string().describe("KUBELET_API_SERVER"),
  value: z.string().optional().describe("the line as rendered; none where the file is not rendered"),
  machine: z.string().optional().describe("the machine it was rendered for"),
  path: z.string().optional().describe("the file's path on the machine"),
});
export type Setting = z.output<typeof settingSchema>;

/** What failed at a look, and how often in a row. */
const lookSchema = z.object({
  at: z.number().describe("milliseconds after the spec began"),
  saw: z.string(),
  count: z.number().int().positive().describe("how many looks in a row saw the same"),
});
export type Look = z.output<typeof lookSchema>;

const statusSchema = z.enum(["passed", "failed", "unsteady", "not judged"]);
export type SpecStatus = z.output<typeof statusSchema>;

export const specSchema = z.object({
  file: z.string().describe("relative to the project"),
  title: z.array(z.string()).describe("the titles from the outermost describe to the spec's own"),
  machine: z.string().optional().describe("the machine it concerns, where it is one"),
  link: z.string().optional().describe("what it is about, in the graph of components: worker1/kubelet"),
  status: statusSchema,
  optional: z
    .literal(true)
    .optional()
    .describe("it was not asked, for want of something on the host, and is left out of the verdict"),
  because: z
    .object({ link: z.string(), spec: z.array(z.string()).optional(), sentence: z.string() })
    .optional()
    .describe("the broken ground for which it was not judged"),
  looks: z.number().int().nonnegative().describe("how often its condition was looked at"),
  elapsed: z.number().describe("milliseconds"),
  waits: z
    .array(
      z.object({
        looks: z.number(),
        elapsed: z.number(),
        budget: z.number(),
        healthy: z
          .literal(true)
          .optional()
          .describe("it is less than its own budget: five times what a healthy run took"),
      }),
    )
    .describe("each wait in it, milliseconds"),
  history: z.array(lookSchema).describe("the looks at which it did not hold, in order"),
  lastSeen: z.string().optional().describe("what was seen the last time it did not hold"),
  evidence: z.array(z.number().int().nonnegative()).describe("indexes into the results' facts"),
  rounds: z
    .array(
      z.object({ status: statusSchema, looks: z.number(), elapsed: z.number(), saw: z.string().optional() }),
    )
    .optional()
    .describe("each judging of it, where there was more than one"),
  error: z
    .object({
      message: z.string().describe("what was expected and what was seen"),
      details: z.array(z.string()),
      hint: z.string().optional().describe("the command that shows it"),
      settings: z.array(settingSchema).describe("what governs it, the likeliest first"),
    })
    .optional(),
});
export type SpecResult = z.output<typeof specSchema>;
