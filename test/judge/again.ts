import { components } from "../../harness/judge/cluster.ts";
import { knownFrom } from "../../harness/judge/known.ts";
import { provisioningFailures } from "../../harness/judge/provisioning-failures.ts";
import { ownTemplates } from "../../harness/paths.ts";
import type { KeptRun } from "../recordings/recording.ts";

/** What judging a kept run again needs beside its observations. */
export const asJudged = async (
  { lab, failures, files }: Pick<KeptRun, "lab" | "failures" | "files">,
  templates = ownTemplates,
) => ({
  known: await knownFrom(lab, templates),
  files,
  failures: provisioningFailures(failures, components, lab.machines),
});
