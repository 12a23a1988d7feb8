import type { Observation } from "../facts/fact.ts";
import type { FactResult } from "../report/results/schema.ts";
import type { Judged } from "./verdict.ts";

/** How much of an answer a report keeps, in characters: its beginning and its end. */
const kept = { head: 3000, tail: 800 };

/** Gathers what specs rest on, each observation once, and gives each spec the indexes of its own. */
export function gatherEvidence(judged: readonly Judged[]): FactResult[] {
  const indexes = new Map<Observation, number>();
  for (const { spec, evidence } of judged) {
    spec.evidence = evidence.map((observation) => {
      const known = indexes.get(observation) ?? indexes.size;
      indexes.set(observation, known);
      return known;
    });
  }
  return [...indexes.keys()].map(factFrom);
}

function factFrom({ machine, fact, command, at, ms, code, stdout, stderr }: Observation): FactResult {
  const [out, err] = [shortened(stdout), shortened(stderr)];
  const cut = out !== stdout || err !== stderr;
  return { machine, fact, command: shortened(command), at, ms, code, stdout: out, stderr: err, cut };
}

function shortened(text: string): string {
  if (text.length <= kept.head + kept.tail) return text;
  const left = text.length - kept.head - kept.tail;
  return `${text.slice(0, kept.head)}\n… ${left} characters …\n${text.slice(-kept.tail)}`;
}
