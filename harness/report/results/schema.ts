import { z } from "zod";
import { causeSchema } from "./cause.ts";
import { pictureSchema } from "./picture.ts";
import { specSchema } from "./spec.ts";

const verdictSchema = z.enum(["works", "unsteady", "broken", "not judged"]);
export type Verdict = z.output<typeof verdictSchema>;

const partSchema = z.object({
  name: z.string(),
  kind: z.enum(["real", "stand-in"]),
  version: z.string(),
  origin: z.string(),
  sha256: z.string().optional(),
});

export const stageSchema = z.object({
  name: z.string(),
  status: z.enum(["done", "failed"]),
  startedAt: z.string().describe("ISO 8601"),
  ms: z.number(),
  summary: z.string(),
});
export type StageResult = z.output<typeof stageSchema>;

const machineSchema = z.object({
  name: z.string(),
  role: z.string(),
  address: z.string(),
  system: z.object({ os: z.string(), kernel: z.string() }).optional(),
  parts: z.array(partSchema).describe("programs on it that did not come with a stock package"),
});
export type MachineResult = z.output<typeof machineSchema>;

/** What a machine answered: the evidence. Long answers are cut; the recording has them whole. */
const factSchema = z.object({
  machine: z.string(),
  fact: z.string(),
  command: z.string(),
  at: z.string().describe("ISO 8601"),
  ms: z.number(),
  code: z.number(),
  stdout: z.string(),
  stderr: z.string(),
  cut: z.boolean().describe("whether the answer was longer"),
});
export type FactResult = z.output<typeof factSchema>;

const timeSchema = z.object({
  what: z.string().describe("a stage, or what converged: worker1/node"),
  kind: z.enum(["stage", "convergence"]),
  ms: z.number(),
  median: z
    .number()
    .optional()
    .describe("of this lab's recent runs on this host; none where there are too few"),
  runs: z.number().int().describe("how many recent runs that is the median of"),
  change: z.enum(["usual", "slower", "faster", "new"]),
});
export type TimeResult = z.output<typeof timeSchema>;

const changeSchema = z.object({
  kind: z.enum(["file", "step", "package", "unit", "image"]),
  what: z.string(),
  ms: z.number().optional().describe("milliseconds that a unit's start took"),
  once: z
    .object({ when: z.string(), settings: z.array(z.string()).optional(), why: z.string() })
    .optional()
    .describe("where the lab was changed in place, but this has its effect only then"),
});

/** Everything a run found, and the only thing its reports are written from. */
export const resultsSchema = z.object({
  version: z.literal(3),
  verdict: verdictSchema,
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  causes: z.array(causeSchema).describe("the first broken link first; none where nothing is broken"),
  trouble: z
    .object({
      kind: z.string(),
      message: z.string(),
      details: z.array(z.string()),
      hint: z.string().optional(),
    })
    .optional()
    .describe("what stopped the run, where the specs were not all judged"),
  lab: z.object({
    name: z.string(),
    file: z.string(),
    summary: z.string(),
    chosen: z.string().describe("why this lab was taken"),
    driver: z.string().describe("why its machines are run by KVM, or emulated"),
  }),
  run: z.object({
    id: z.string(),
    label: z.string(),
    startedAt: z.string(),
    endedAt: z.string(),
    replay: z.boolean().describe("whether it was judged from a recording"),
    revision: z
      .number()
      .int()
      .describe("how often provisioning changed this lab: equal means nothing changed"),
  }),
  templates: z.object({
    folder: z.string().describe("relative to the project"),
    digest: z.string().describe("SHA-256 over the templates, roles, steps and the Vagrantfile"),
    changedSince: z
      .boolean()
      .describe("whether they are others now than those the machines were provisioned with"),
  }),
  tools: z.record(z.string(), z.string()).describe("versions of what ran on the host"),
  stages: z.array(stageSchema),
  machines: z.array(machineSchema),
  images: z.array(z.object({ name: z.string(), kind: z.enum(["ours", "registry"]) })),
  provision: z
    .object({
      machines: z.record(z.string(), z.array(changeSchema)),
      changed: z.number(),
      failures: z.array(
        z.object({
          machine: z.string(),
          message: z.string(),
          details: z.array(z.string()),
          hint: z.string().optional(),
          unit: z.string().optional().describe("the unit that did not come up"),
          unreached: z.array(z.string()).describe("units its plan did not get to"),
        }),
      ),
    })
    .optional(),
  warnings: z
    .array(
      z.object({
        file: z.string(),
        line: z.number().int(),
        text: z.string(),
        message: z.string(),
        hint: z.string(),
      }),
    )
    .optional()
    .describe("what looked as if it were not meant, when the settings were checked before the run"),
  specs: z.array(specSchema),
  facts: z.array(factSchema),
  picture: pictureSchema.optional().describe("none where no machine was observed"),
  times: z.array(timeSchema),
  rounds: z.number().int().positive().describe("how often the lab was judged"),
  screenshots: z.array(
    z.object({ title: z.string(), machine: z.string(), url: z.string(), png: z.string().describe("base64") }),
  ),
});
export type Results = z.output<typeof resultsSchema>;
