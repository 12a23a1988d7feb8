import { z } from "zod";
import { offerControls } from "../controls/controls.ts";
import type { ControlKind, ControlOutcome } from "../controls/outcome.ts";
import { fact } from "../facts/fact.ts";
import type { SpecMachine } from "./machine.ts";
import { running } from "./running.ts";

const outcomes = z.array(
  z.object({
    kind: z.enum(["genuine", "unsigned", "foreign", "tampered", "damaged"]),
    package: z.string(),
    code: z.number(),
    output: z.string(),
    installed: z.boolean(),
    imported: z.array(z.string()),
    reason: z.enum(["unsigned", "foreign key", "tampered", "other"]).optional(),
  }),
);

/** Names the act in a recording; what it does takes several scripts, and packages made on the host. */
const controls = fact("control packages", "harness/controls/offer.sh", (stdout): ControlOutcome[] =>
  outcomes.parse(JSON.parse(stdout)).map(({ reason, ...rest }) => ({ ...rest, reason })),
);

/** What each control must be refused for; the genuine package must not be. */
export const refusals = {
  unsigned: "unsigned",
  foreign: "foreign key",
  tampered: "tampered",
  damaged: "tampered",
} as const satisfies Partial<Record<ControlKind, ControlOutcome["reason"]>>;

/** Offers a machine packages it must refuse, and one it must not; nothing is left on it. */
export function offer(machine: SpecMachine): Promise<ControlOutcome[]> {
  const { course, lab } = running();
  return machine.readings.perform(controls, async (real) => {
    const made = await offerControls(real, lab, { signal: course.signal });
    return { code: 0, stdout: JSON.stringify(made), stderr: "" };
  });
}
