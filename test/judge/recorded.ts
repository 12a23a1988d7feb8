import { keyOf, type Asked, type Output } from "../../harness/facts/fact.ts";
import type { Observer } from "../../harness/facts/observe.ts";
import type { MachineFile } from "../../harness/lab/schema.ts";

/** What a machine answers to a question, by the fact's name: the same each time, or one answer after the other. */
export type Answers = Record<
  string,
  string | Output | (string | Output)[] | ((asked: Asked) => string | Output)
>;

export const failed = (code: number, stderr = "", stdout = ""): Output => ({ code, stdout, stderr });

/** A machine as it was observed: no machine is asked. `asked` collects the questions, round trip by round trip. */
export function recorded(machine: MachineFile, answers: Answers, asked: string[][] = []): Observer {
  const counts = new Map<string, number>();
  const answer = (question: Asked): Output => {
    const known = answers[question.fact];
    if (known === undefined) return failed(127, `nothing recorded for ${question.fact}`);
    const nth = counts.get(keyOf(question)) ?? 0;
    counts.set(keyOf(question), nth + 1);
    const one = Array.isArray(known) ? known[Math.min(nth, known.length - 1)] : known;
    const given = typeof one === "function" ? one(question) : (one ?? "");
    return typeof given === "string" ? { code: 0, stdout: given, stderr: "" } : given;
  };
  const observation = (question: Asked) => ({
    machine: machine.name,
    ...question,
    at: "2026-11-23T04:05:06.000Z",
    ms: 1,
    ...answer(question),
  });
  return {
    name: machine.name,
    role: machine.role,
    address: machine.address,
    observe: (questions) => {
      asked.push(questions.map(({ fact }) => fact));
      return Promise.resolve(questions.map(observation));
    },
    perform: (question) => Promise.resolve(observation(question)),
  };
}

/** What is answered to a fact by one text. @throws TypeError where it is not */
export function textOf(answers: Answers, fact: string): string {
  const text = answers[fact];
  if (typeof text !== "string") throw new TypeError(`expected one text for ${fact}`);
  return text;
}
