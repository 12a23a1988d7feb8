import { randomBytes } from "node:crypto";
import { HardwayError, NotJudged } from "../errors.ts";
import type { Role } from "../lab/schema.ts";
import type { Machine } from "../machines/machine.ts";
import type { Asked, Observation, Output } from "./fact.ts";
import { compose, split } from "./script.ts";

/** Something done to a machine by the harness itself, for what one command cannot do. */
export type Performance = (machine: Machine) => Promise<Output>;

/** Where observations come from: a machine, or a recording of one. */
export interface Observer {
  readonly name: string;
  readonly role: Role;
  readonly address: string;
  /**
   * Puts questions to the machine in one round trip.
   * @returns one observation per question, in order
   * @throws NotJudged when the machine does not answer
   */
  observe(asked: readonly Asked[], signal: AbortSignal): Promise<Observation[]>;
  /** The same for an act that is not a command of the machine; `asked.command` only names it. */
  perform(asked: Asked, performance: Performance): Promise<Observation>;
}

/** A recording has no answer, or no further one, to a question. */
export class NotRecorded extends NotJudged {}

/** Observes a running machine; `record` is given everything observed. */
export function live(machine: Machine, record: (observation: Observation) => void): Observer {
  const { name, role, address } = machine;
  const observed = (
    asked: Asked,
    output: Output,
    { begun, slack, ms }: { begun: number; slack?: number; ms: number },
  ): Observation => {
    const observation = {
      machine: name,
      ...asked,
      at: new Date(begun).toISOString(),
      ...(slack === undefined ? {} : { slack }),
      ms,
      code: output.code,
      stdout: output.stdout,
      stderr: output.stderr,
    };
    record(observation);
    return observation;
  };
  return {
    name,
    role,
    address,
    async observe(asked, signal) {
      const mark = `--${randomBytes(12).toString("hex")}`;
      const began = Date.now();
      const ran = await machine.run(
        compose(
          asked.map(({ command }) => command),
          mark,
        ),
        { signal },
      );
      const sections = split(ran.stdout, mark);
      if (sections?.length !== asked.length) throw cutShort(name, asked, ran.code, ran.stderr);
      const last = sections.at(-1);
      const slack = Math.max(0, Date.now() - began - ((last?.begun ?? 0) + (last?.ms ?? 0)));
      return sections.flatMap((section, index) => {
        const question = asked[index];
        return question === undefined
          ? []
          : [observed(question, section, { begun: began + section.begun, slack, ms: section.ms })];
      });
    },
    async perform(asked, performance) {
      const began = Date.now();
      const output = await performance(machine);
      return observed(asked, output, { begun: began, ms: Date.now() - began });
    },
  };
}

const cutShort = (machine: string, asked: readonly Asked[], code: number, stderr: string): NotJudged =>
  new NotJudged({
    message: `${machine}: expected answers to ${asked.length} questions, but the script ended early with exit code ${code}`,
    details: [`asked ${asked.map(({ fact }) => fact).join(", ")}`, ...stderr.split("\n").slice(-5)],
  });

/**
 * An observation as data.
 * @throws NotRecorded where a recording lacks it, what the parser throws where it knows what is wrong with the cluster, and NotJudged where it cannot read
 *   what was printed
 */
export function read<T>(parse: (stdout: string, seen: Observation) => T, seen: Observation): T {
  if (seen.missing === true) {
    const args = seen.args.length === 0 ? "" : ` ${seen.args.join(" ")}`;
    throw new NotRecorded(`${seen.machine}: the recording has no further answer for "${seen.fact}"${args}`);
  }
  try {
    return parse(seen.stdout, seen);
  } catch (error) {
    if (error instanceof HardwayError) throw error;
    throw new NotJudged({
      message: `${seen.machine}: could not read the fact "${seen.fact}": ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
      details: [
        `command ${seen.command}`,
        `exit code ${seen.code}`,
        ...seen.stdout.split("\n").slice(0, 3),
        ...seen.stderr.split("\n").slice(-3),
      ],
      cause: error,
    });
  }
}
