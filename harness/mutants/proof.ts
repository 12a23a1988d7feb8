import type { Cause, CauseCandidate } from "../report/results/cause.ts";
import type { Results } from "../report/results/schema.ts";
import type { SettingProblem } from "../settings/setting.ts";
import type { Mutant } from "./mutant.ts";

/** What became of a mutant. */
export type MutantOutcome =
  | "refused" // before anything was touched, at the line that is broken
  | "refused elsewhere"
  | "named" // the first cause says it is set by the broken line
  | "among" // the broken line is one of the candidates
  | "wrongly named" // the first cause says it is set by another line
  | "not named" // no candidate is the broken line, and none is said to be it
  | "survived" // the cluster works all the same
  | "void"; // the lab could not be judged

/** What became of a mutant, and what was said of it. */
export interface Proof {
  name: string;
  outcome: MutantOutcome;
  /** What the first cause, or the check, says. */
  saw: string;
}

/** Outcomes by which the verdict kept its promise. */
export const isRight = ({ outcome }: Proof): boolean => ["refused", "named", "among"].includes(outcome);

/** Judges what the check before the run refused. */
export function proofOfRefusal(mutant: Mutant, problems: readonly SettingProblem[]): Proof | undefined {
  const refused = problems.filter(({ severity }) => severity === "refused");
  const [first] = refused;
  if (first === undefined) return undefined;
  const right = refused.some(({ source }) => isBroken(mutant, source));
  return {
    name: mutant.name,
    outcome: right ? "refused" : "refused elsewhere",
    saw: `${first.source.file}:${first.source.line}: ${first.message}`,
  };
}

/** Judges the verdict on a mutant. */
export function proofOf(mutant: Mutant, { verdict, causes, trouble }: Results): Proof {
  const { name } = mutant;
  const [first] = causes;
  if (verdict === "works") return { name, outcome: "survived", saw: "the cluster works" };
  if (first === undefined) return { name, outcome: "void", saw: trouble?.message ?? verdict };
  return { name, outcome: outcomeOf(mutant, first), saw: `${blamedBy(first)}: ${first.message}` };
}

/** What a cause makes of a mutant. */
export function outcomeOf(mutant: Mutant, { sureness, candidates }: Cause): MutantOutcome {
  const right = candidates.some((candidate) => isBroken(mutant, candidate));
  if (sureness === "set by" || sureness === "proved") return right ? "named" : "wrongly named";
  return right ? "among" : "not named";
}

/** Whether a line, or the setting a cause names where no line sets it, is the one that a mutant broke. */
function isBroken(
  { file, line, blames }: Mutant,
  said: Pick<CauseCandidate, "file" | "line"> & { name?: string; text?: string; value?: string | undefined },
): boolean {
  const [wantedFile = file, ...words] = blames.split(" ");
  if (withoutFolder(said.file) !== wantedFile) return false;
  if (line !== undefined && (said.line === undefined || Math.abs(said.line - line) <= 1)) return true;
  const text = [said.name, said.text, said.value].join(" ");
  return words.every((word) => text.includes(word.replace(/:$/, "")));
}

/** What a cause blames: "set by worker/role.yaml unit: docker". */
const blamedBy = ({ sureness, candidates }: Cause): string =>
  candidates.length === 0
    ? sureness
    : `${sureness} ${candidates.map(({ file, name }) => `${withoutFolder(file)} ${name}`).join(" | ")}`;

/** The templates of a mutant are a copy: their folder is another, the rest of the path the same. */
const withoutFolder = (file: string): string =>
  file.replace(/^.*\/provision\//, "").replace(/^provision\//, "");
