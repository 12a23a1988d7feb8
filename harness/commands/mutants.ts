import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BadConfiguration, exitCode, NotJudged, type ExitCode } from "../errors.ts";
import { rm } from "../files.ts";
import { judgeLab, provisionLab, reach, type Course, type Running } from "../lifecycle.ts";
import { restoreCheckpoint, saveCheckpoint } from "../machines/checkpoint.ts";
import { breed } from "../mutants/breed.ts";
import { readCatalogue, type Mutant } from "../mutants/mutant.ts";
import { proofOf, type Proof } from "../mutants/proof.ts";
import { ownTemplates } from "../paths.ts";
import { shared, text, type Command } from "./command.ts";
import { onKeptLab } from "./lab-command.ts";
import { withTemplates } from "./templates.ts";
import { conclude, type Outcome } from "./verdict.ts";

const checkpoint = "calm";
/** Which specs a mutant is judged by: all but the packages', which no setting of a daemon concerns. */
const judgedBy = "^(?!packages)";

async function breakAll(course: Course, mutants: Mutant[]): Promise<ExitCode> {
  const { session, signal, progress } = course;
  await using running = reach(course);
  const libvirt = { uri: session.placement.uri, signal };
  const calm = await readFile(join(import.meta.dirname, "..", "mutants", "calm.sh"), "utf8");
  await progress.stage("calm", async () => {
    await Promise.all(running.machines.map((machine) => machine.run(calm, { signal })));
    await saveCheckpoint(libvirt, session.placement.label, running.machines, checkpoint);
    return [undefined, "nothing runs, nothing is remembered; saved"];
  });
  const proofs: Proof[] = [];
  for (const mutant of mutants) {
    await restoreCheckpoint(libvirt, session.placement.label, running.machines, checkpoint);
    const proof = await prove(course, running, mutant);
    proofs.push(proof);
    progress.announce(
      `${proof.outcome === "killed" ? "✓" : "✗"} ${proof.outcome.padEnd(8)} ${proof.name}: ${proof.saw}`,
    );
  }
  await restoreCheckpoint(libvirt, session.placement.label, running.machines, checkpoint);
  await withTemplates(course, ownTemplates);
  const killed = proofs.filter(({ outcome }) => outcome === "killed").length;
  console.log(`\n${killed} of ${mutants.length} mutants killed, each by the sentence that names its setting`);
  if (proofs.some(({ outcome }) => outcome === "void")) return exitCode.notJudged;
  return killed === mutants.length ? exitCode.works : exitCode.broken;
}

/** Provisions and judges a mutant; its reports and recording go to RUN/mutants/NAME. */
async function prove(course: Course, running: Running, mutant: Mutant): Promise<Proof> {
  const { session } = course;
  const folder = join(session.folder, "mutants", mutant.name);
  const templates = join(folder, "provision");
  await rm(folder, { recursive: true, force: true });
  await breed(mutant, ownTemplates, templates);
  const startedAt = new Date().toISOString();
  course.progress.stages.splice(0); // its report has its own stages only
  const own = { ...course, session: { ...session, folder, startedAt, stages: [], templates } };
  const outcome: Outcome = { judgements: [] };
  const mutated = { ...running, course: own };
  try {
    outcome.provisioned = (await provisionLab(mutated)).result;
    outcome.judgements.push(await judgeLab({ running: mutated }, { grep: judgedBy }));
  } catch (error) {
    course.signal.throwIfAborted();
    outcome.error = error;
  }
  return proofOf(mutant, await conclude(own, outcome));
}

/** Proves on real machines that each broken setting is told by its name. */
export const mutants: Command = {
  name: "mutants",
  summary: "break one setting after the other on the lab that is up, and see the verdict name it",
  usage: "CATALOGUE [--only NAME]",
  options: { lab: shared.lab, only: { type: "string" } },
  explain: { lab: "as for verify", only: "only the mutants whose name has this text" },
  words: 1,
  async execute(typed, signal) {
    const [file] = typed.positionals;
    if (file === undefined) {
      throw new BadConfiguration({
        message: "mutants: expected a catalogue, saw none",
        hint: "test/mutants.yaml",
      });
    }
    const only = text(typed, "only") ?? "";
    const wanted = (await readCatalogue(file)).filter(({ name }) => name.includes(only));
    if (wanted.length === 0) throw new NotJudged(`no mutant of ${file} has "${only}" in its name`);
    return onKeptLab(typed, signal, (course) => breakAll(course, wanted));
  },
};
