import { AssertionError } from "chai";
import type { Asked, Observation } from "../facts/fact.ts";
import { NoAnswer } from "../facts/http.ts";
import { journal, telling } from "../facts/journal.ts";
import { read } from "../facts/observe.ts";
import { units, type Unit } from "../facts/units.ts";
import { placesOf } from "./places.ts";
import { ports } from "./ports.ts";
import { running } from "./running.ts";
import { settings } from "./settings.ts";
import type { Subject } from "./subject.ts";

/** What a failure is about; undefined where the spec did not say. */
export function subjectOf(error: Error, subjects: ReadonlyMap<string, Subject>): Subject | undefined {
  if (error instanceof NoAnswer) return serverOf(error.url);
  const named = [...subjects.values()].filter(({ label }) => error.message.startsWith(`${label}: `));
  return named.sort((one, other) => other.label.length - one.label.length)[0];
}

/** The daemon that should have answered a URL: known by the machine's address and the port. */
function serverOf(url: string): Subject | undefined {
  const { hostname, port } = new URL(url);
  const machine = running().lab.machines.find(({ address }) => address === hostname);
  const expected = machine && ports[machine.role].find((one) => one.port === Number(port));
  if (machine === undefined || expected?.process === undefined) return undefined;
  return {
    label: machine.name,
    machine: machine.name,
    unit: { name: expected.process, machine: machine.name },
    settings: settings[expected.watched].names,
  };
}

/** Puts questions about a failure; they are no evidence, and a machine that does not answer takes nothing away. */
async function inquire(machine: string, asked: Asked[]): Promise<Observation[]> {
  const readings = running().lab.machines.find(({ name }) => name === machine)?.readings;
  return (await readings?.inquire(asked).catch(() => undefined)) ?? [];
}

/** Whether the unit behind a failure has failed for good, so that waiting on is of no use. */
export async function hasFailed(error: Error): Promise<boolean> {
  if (error instanceof AssertionError && error.message === "") return false;
  const unit = subjectOf(error, running().course.notes.subjects)?.unit;
  if (unit === undefined) return false;
  const [seen] = await inquire(unit.machine, [units.ask(unit.name)]);
  return seen !== undefined && read(units.parse, seen)[0]?.active === "failed";
}

/** Why something failed, as far as the machine and the templates can tell. */
export interface Explanation {
  details: string[];
  /** The command that shows more. */
  hint?: string;
}

/** The unit's state, the last lines of its log that tell, and the template's lines that set it. */
export async function explain(subject: Subject): Promise<Explanation> {
  const { unit } = subject;
  const role =
    running().lab.machines.find(({ name }) => name === (unit?.machine ?? subject.machine))?.role ?? "worker";
  if (unit === undefined) return { details: await setBy(subject.settings, role) };
  const [shown, logged] = await inquire(unit.machine, [units.ask(unit.name), journal.ask(unit.name)]);
  const told = logged === undefined ? [] : telling(read(journal.parse, logged), 3);
  const flags = told.flatMap((line) => line.match(/(?<=\s)--?[a-z][\w-]+/g) ?? []);
  return {
    details: [
      ...(shown === undefined ? [] : read(units.parse, shown).map((one) => `unit ${stateOf(one)}`)),
      ...told.map((line) => `log      "${line.slice(0, 300)}"`),
      ...(await setBy([...flags, ...subject.settings], role)),
    ],
    hint: `npm run lab -- ssh ${unit.machine} -- journalctl -u ${unit.name} -n 50`,
  };
}

const setBy = async (names: readonly string[], role: "master" | "worker"): Promise<string[]> =>
  (await placesOf(names, role))
    .slice(0, 3)
    .map(({ file, line, name }) => `set by   ${file}:${line}  ${name}`);

/** "kubelet failed 14:02:11 (exit-code, 1)", "kubelet active (running)", "flanneld not-found". */
function stateOf({ name, load, active, sub, result, exitStatus, ended }: Unit): string {
  if (load !== "loaded") return `${name} ${load}`;
  if (active === "active") return `${name} active (${sub})`;
  const time = /\d\d:\d\d:\d\d/.exec(ended)?.[0];
  return `${name} ${active}${time === undefined ? "" : ` ${time}`} (${sub}, ${result}, ${exitStatus})`;
}
