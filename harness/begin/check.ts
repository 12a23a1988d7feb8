import { relative } from "node:path";
import { BadConfiguration } from "../errors.ts";
import { clusterSettings } from "../judge/cluster.ts";
import { completeLab } from "../lab/complete.ts";
import type { Lab } from "../lab/lab.ts";
import type { LoadedLab } from "../lab/load.ts";
import { standing } from "../paths.ts";
import { checkSettings } from "../settings/check.ts";
import { readSettings } from "../settings/read.ts";
import type { SettingProblem } from "../settings/setting.ts";

/** How many refusals are told at once. */
const most = 20;

/**
 * A lab as its machines will see it, with a stand-in for each value that its prepare hook makes: what a template says can be
 * checked before anything is prepared.
 */
export const foreseen = (loaded: LoadedLab, packageServer: string): Lab =>
  completeLab(
    loaded,
    {
      folder: "/prepared",
      fingerprints: Object.fromEntries(loaded.keys.map(({ id }) => [id, "0".repeat(40)])),
    },
    packageServer,
  );

/** A problem as it is printed: where, what, and what to do. */
const problemText = ({ source, message, hint }: SettingProblem): string =>
  `${relative(standing(), source.file) || source.file}:${source.line}  ${message}\n  hint  ${hint}`;

/**
 * Checks what templates set, before anything is touched.
 * @returns what is suspicious but may be meant
 * @throws BadConfiguration with each line that nobody can mean; and where a role or template is wrong
 */
export async function checkedSettings(lab: Lab, templates: string): Promise<SettingProblem[]> {
  const cluster = clusterSettings(lab);
  const problems = checkSettings(await readSettings(lab, templates, cluster), { lab, cluster });
  const refused = problems.filter(({ severity }) => severity === "refused");
  if (refused.length === 0) return problems;
  const more = refused.length - most;
  throw new BadConfiguration({
    message: `expected settings that can be meant, saw ${refused.length} that cannot; nothing was touched`,
    details: [...refused.slice(0, most).map(problemText), ...(more > 0 ? [`… and ${more} more`] : [])],
  });
}

/** What is said of warnings, once, when a run begins. */
export const warningLines = (warnings: readonly SettingProblem[]): string[] => [
  ...warnings.slice(0, most).map((warning) => `warning: ${problemText(warning)}`),
  ...(warnings.length > most ? [`… and ${warnings.length - most} more warnings, kept with the run`] : []),
];
