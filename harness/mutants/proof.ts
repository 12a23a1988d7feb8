import type { Cause } from "../report/results/cause.ts";
import type { Results } from "../report/results/schema.ts";
import type { Mutant } from "./mutant.ts";

/** What became of a mutant: killed where the first cause names its setting; void where the lab could not be judged. */
export interface Proof {
  name: string;
  outcome: "killed" | "misread" | "survived" | "void";
  /** What the first cause blames. */
  saw: string;
}

/** Judges the verdict on a mutant. */
export function proofOf({ name, blames }: Mutant, { verdict, causes, trouble }: Results): Proof {
  const [first] = causes;
  if (verdict === "works") return { name, outcome: "survived", saw: "the cluster works" };
  if (first === undefined) return { name, outcome: "void", saw: trouble?.message ?? verdict };
  const blamed = blamedBy(first);
  return { name, outcome: blamed === blames ? "killed" : "misread", saw: `${blamed}: ${first.message}` };
}

/** The setting a cause blames, as a catalogue names it: "worker/role.yaml unit: docker". */
export const blamedBy = ({ candidates: [first] }: Cause): string =>
  first === undefined ? "no setting" : `${withoutFolder(first.file)} ${first.name}`;

/** The templates of a mutant are a copy: their folder is another, the rest of the path the same. */
const withoutFolder = (file: string): string =>
  /(?:^|\/)((?:every|master|worker|guestbook)\/.*)$/.exec(file)?.[1] ?? file;
