import { keepEvidence, type Course, type Running } from "../lifecycle.ts";
import type { Judgement } from "../judge/index.ts";
import type { ProvisionResult } from "../provision/result.ts";
import { templatesDigest } from "../report/digest.ts";
import { codeOf, troubleOf, writeResults, type Results } from "../report/results.ts";
import { ending } from "../report/terminal.ts";
import { toolVersions } from "../report/tools.ts";
import type { ExitCode } from "../errors.ts";

/** What a run came to, as far as it came. */
export interface Outcome {
  running?: Running;
  provisioned?: ProvisionResult;
  judgement?: Judgement;
  /** What stopped it. */
  error?: unknown;
}

/** Keeps evidence where a run is not green. A failure to do so is told, and changes no verdict. */
export async function evidenceOf({ running, judgement, provisioned, error }: Outcome): Promise<void> {
  const green =
    error === undefined && (judgement?.works ?? true) && (provisioned?.failures.length ?? 0) === 0;
  if (running === undefined || green) return;
  await keepEvidence(running).catch((trouble: unknown) => {
    running.course.progress.announce(`diagnostics could not be collected: ${String(trouble)}`);
  });
}

/** Writes a run's report, prints how it ended, and answers its exit code. */
export async function conclude({ session, progress }: Course, outcome: Outcome): Promise<ExitCode> {
  const { lab } = session;
  const { trouble, code } = outcome.error === undefined ? {} : troubleOf(outcome.error);
  const verdict = verdictOf(outcome);
  const judged = outcome.judgement?.machines ?? [];
  const results: Results = {
    version: 1,
    verdict,
    exitCode: verdict === "broken" ? codeOf(verdict) : (code ?? codeOf(verdict)),
    ...(trouble === undefined ? {} : { trouble }),
    lab: {
      name: lab.name,
      file: lab.file,
      summary: lab.summary,
      chosen: session.chosen,
      driver: session.driver,
    },
    run: {
      id: session.id,
      label: session.placement.label,
      startedAt: session.startedAt,
      endedAt: new Date().toISOString(),
    },
    templates: await templatesDigest(),
    tools: await toolVersions(),
    stages: [...session.stages, ...progress.stages],
    machines: lab.machines.map(({ name, role, address }) => ({
      ...(judged.find((machine) => machine.name === name) ?? { name, parts: [] }),
      role,
      address,
    })),
    ...(outcome.provisioned === undefined ? {} : { provision: outcome.provisioned }),
    specs: outcome.judgement?.specs ?? [],
  };
  await writeResults(session.folder, results);
  console.log(ending(results, session.folder));
  return results.exitCode;
}

/** A daemon that settings keep from coming up makes a cluster broken, whatever the specs could still see. */
function verdictOf({ error, judgement, provisioned }: Outcome): Results["verdict"] {
  if (judgement?.verdict === "broken" || (provisioned?.failures.length ?? 0) > 0) return "broken";
  if (error !== undefined) return troubleOf(error).code === codeOf("broken") ? "broken" : "not judged";
  return judgement?.verdict ?? "not judged";
}
