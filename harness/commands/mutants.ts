import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BadConfiguration, exitCode, NotJudged, type ExitCode } from "../errors.ts";
import { mkdir, rm } from "../files.ts";
import { knownFrom } from "../judge/known.ts";
import { judgeLab, provisionLab, reach, type Course, type Running } from "../lifecycle.ts";
import { nearest } from "../lab/nearest.ts";
import { restoreCheckpoint, saveCheckpoint } from "../machines/checkpoint.ts";
import { breed } from "../mutants/breed.ts";
import { generateMutants } from "../mutants/generate.ts";
import { readCatalogue, type Mutant } from "../mutants/mutant.ts";
import { isRight, proofOf, proofOfRefusal, type Proof } from "../mutants/proof.ts";
import { scoreOf } from "../mutants/score.ts";
import { ownTemplates } from "../paths.ts";
import { print } from "../visible.ts";
import { count, flag, shared, text, type Arguments, type Command } from "./command.ts";
import { onKeptLab } from "./lab-command.ts";
import { withTemplates } from "./templates.ts";
import { conclude, type Outcome } from "./verdict.ts";

const checkpoint = "calm";
/** What a healthy run took, from before its first start: what a broken one is measured by. */
interface Healthy {
  /** The longest wait of each spec, milliseconds, by its whole title. */
  waits: ReadonlyMap<string, number>;
  /** How long each unit of each machine took to start: milliseconds. */
  starts: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** How mutants are tried. */
interface Trying {
  /** Whether what the check before a run refuses is run all the same. */
  pastCheck: boolean;
}

async function breakAll(course: Course, mutants: readonly Mutant[], trying: Trying): Promise<ExitCode> {
  const { session, signal, progress } = course;
  await using running = reach(course);
  const libvirt = { uri: session.placement.uri, signal };
  const calm = await readFile(join(import.meta.dirname, "..", "mutants", "calm.sh"), "utf8");
  await progress.stage("calm", async () => {
    await Promise.all(running.machines.map((machine) => machine.run(calm, { signal })));
    await saveCheckpoint(libvirt, session.placement.label, running.machines, checkpoint);
    return [undefined, "nothing runs, nothing is remembered; saved"];
  });
  const restored = async () => {
    await restoreCheckpoint(libvirt, session.placement.label, running.machines, checkpoint);
    return running;
  };
  const healthy = await judgeHealthy(course, await restored());
  const proofs: Proof[] = [];
  for (const mutant of mutants) {
    const proof = await prove(course, mutant, { ...trying, healthy }, restored);
    proofs.push(proof);
    progress.announce(`${isRight(proof) ? "✓" : "✗"} ${proof.outcome}: ${proof.name}: ${proof.saw}`);
  }
  await restoreCheckpoint(libvirt, session.placement.label, running.machines, checkpoint);
  await withTemplates(course, ownTemplates);
  print(`\n${scoreOf(proofs)}`);
  if (proofs.some(({ outcome }) => outcome === "void")) return exitCode.notJudged;
  return proofs.every(isRight) ? exitCode.works : exitCode.broken;
}

/**
 * Provisions and judges a mutant, or sees it refused before that; its reports and recording go to RUN/mutants/NAME.
 * @param restored brings the lab back to before its first start
 */
async function prove(
  course: Course,
  mutant: Mutant,
  { pastCheck, healthy }: Trying & { healthy: Healthy },
  restored: () => Promise<Running>,
): Promise<Proof> {
  const { session } = course;
  const folder = join(session.folder, "mutants", mutant.name);
  const templates = join(folder, "provision");
  await rm(folder, { recursive: true, force: true });
  await breed(mutant, ownTemplates, templates);
  const refusal = await refusalOf(course, mutant, templates);
  if (refusal !== undefined && !pastCheck) return refusal;
  const running = await restored();
  const startedAt = new Date().toISOString();
  course.progress.stages.splice(0); // its report has its own stages only
  const own = { ...course, session: { ...session, folder, startedAt, stages: [], templates } };
  const outcome: Outcome = { judgements: [] };
  const mutated = { ...running, course: own };
  try {
    outcome.provisioned = (await provisionLab(mutated, { healthy: healthy.starts })).result;
    outcome.judgements.push(await judgeLab({ running: mutated }, { healthy: healthy.waits }));
  } catch (error) {
    course.signal.throwIfAborted();
    outcome.error = error;
  }
  return proofOf(mutant, await conclude(own, outcome));
}

/**
 * Judges the lab with the templates as they are.
 * @throws NotJudged where it does not work: then nothing can be said of mutants
 */
async function judgeHealthy(course: Course, running: Running): Promise<Healthy> {
  const folder = join(course.session.folder, "mutants", "healthy");
  await mkdir(folder, { recursive: true });
  const own = { ...course, session: { ...course.session, folder, stages: [], templates: ownTemplates } };
  const lab = { ...running, course: own };
  const { result } = await provisionLab(lab);
  const { specs, works, causes } = await judgeLab({ running: lab });
  if (!works || result.failures.length > 0) {
    throw new NotJudged(
      `mutants: expected the lab to work before anything is broken, saw ${causes[0]?.sentence ?? result.failures[0]?.message ?? "specs that were not judged"}`,
    );
  }
  const waits = specs.map(({ title, waits: all }): [string, number] => [
    title.join(" "),
    Math.max(0, ...all.map(({ elapsed }) => elapsed)),
  ]);
  const starts = Object.entries(result.machines).map(([name, changes]): [string, Map<string, number>] => [
    name,
    new Map(
      changes.flatMap(({ kind, what, ms }) =>
        kind === "unit" && ms !== undefined ? [[what.split(" ")[0] ?? "", ms] as const] : [],
      ),
    ),
  ]);
  return { waits: new Map(waits), starts: new Map(starts) };
}

/** What the check before a run says of a mutant; undefined where it lets it pass. */
async function refusalOf({ session }: Course, mutant: Mutant, templates: string): Promise<Proof | undefined> {
  try {
    return proofOfRefusal(mutant, (await knownFrom(session.lab, templates)).problems);
  } catch (error) {
    if (!(error instanceof BadConfiguration)) throw error;
    return { name: mutant.name, outcome: "refused", saw: error.message };
  }
}

/** The mutants of a catalogue, or as many as are asked for, drawn by a seed. */
async function mutantsFor(typed: Arguments, { session }: Course): Promise<Mutant[]> {
  const generate = text(typed, "generate");
  if (generate === undefined) return wantedFrom(typed);
  const seed = text(typed, "seed") ?? session.id;
  const { settings } = await knownFrom(session.lab, ownTemplates);
  return generateMutants(settings, { count: count(typed, "generate"), seed, templates: ownTemplates });
}

async function wantedFrom(typed: Arguments): Promise<Mutant[]> {
  const [file] = typed.positionals;
  if (file === undefined) {
    throw new BadConfiguration({
      message: "mutants: expected a catalogue, saw none",
      hint: "test/mutants.yaml, or --generate 30",
    });
  }
  const only = text(typed, "only") ?? "";
  const all = await readCatalogue(file);
  const wanted = all.filter(({ name }) => name.includes(only));
  if (wanted.length > 0) return wanted;
  const names = all.map(({ name }) => name);
  const meant = nearest(only, names);
  throw new BadConfiguration({
    message: `mutants: no mutant of ${file} has ${JSON.stringify(only)} in its name`,
    hint: meant === undefined ? `there are: ${names.join(", ")}` : `did you mean ${meant}?`,
  });
}

/** Proves on real machines that each broken setting is told by its name. */
export const mutants: Command = {
  name: "mutants",
  summary: "break one setting after the other on the lab that is up, and see the verdict name it",
  usage: "CATALOGUE [--only NAME] | --generate N [--seed TEXT] [--past-check]",
  options: {
    lab: shared.lab,
    only: { type: "string" },
    generate: { type: "string" },
    seed: { type: "string" },
    "past-check": { type: "boolean" },
  },
  explain: {
    lab: "as for verify",
    only: "only the mutants whose name has this text",
    generate: "draw so many mutants from the templates, in the place of a catalogue",
    seed: "the same seed draws the same mutants; the run's own where there is none",
    "past-check": "run also what the check before a run refuses",
  },
  words: 1,
  takesPath: true,
  async execute(typed, signal) {
    if (text(typed, "generate") === undefined) await wantedFrom(typed);
    else {
      count(typed, "generate");
      if (typed.positionals.length > 0 || text(typed, "only") !== undefined) {
        throw new BadConfiguration({
          message: "mutants: expected a catalogue or --generate, saw both",
          hint: "npm run lab -- mutants test/mutants.yaml, or npm run lab -- mutants --generate 30",
        });
      }
    }
    return onKeptLab(typed, signal, async (course) =>
      breakAll(course, await mutantsFor(typed, course), { pastCheck: flag(typed, "past-check") }),
    );
  },
};
