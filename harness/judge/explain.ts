import type { Observation, Parse } from "../facts/fact.ts";
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

/**
 * What a unit's machine says of it, asked anew and for no evidence; less where the machine does not answer or cannot
 * be understood, which must take nothing away from the failure itself.
 */
async function inquire({ name, machine }: NonNullable<Subject["unit"]>) {
  const readings = running().lab.machines.find((one) => one.name === machine)?.readings;
  const seen = await readings?.inquire([units.ask(name), journal.ask(name)]).catch(() => undefined);
  const understood = <T>(parse: Parse<T>, observation: Observation | undefined): T | undefined => {
    try {
      return observation && read(parse, observation);
    } catch {
      return undefined;
    }
  };
  return { state: understood(units.parse, seen?.[0])?.[0], log: understood(journal.parse, seen?.[1]) ?? [] };
}

/** Whether nothing starts the unit behind a failure any more, so that waiting on is of no use. */
export async function isOver(error: Error): Promise<boolean> {
  const unit = subjectOf(error, running().course.notes.subjects)?.unit;
  const state = unit && (await inquire(unit)).state;
  return state !== undefined && (state.load !== "loaded" || ["failed", "inactive"].includes(state.active));
}

/** Why something failed, as far as the machine and the templates can tell. */
interface Explanation {
  details: string[];
  /** The command that shows more. */
  hint?: string;
}

/** The unit's state, the last lines of its log that tell, and the template's lines that set it. */
export async function explain({ unit, machine, settings: names }: Subject): Promise<Explanation> {
  const on = unit?.machine ?? machine;
  const role = running().lab.machines.find(({ name }) => name === on)?.role ?? "worker";
  if (unit === undefined) return { details: await setBy(names, role) };
  const { state, log } = await inquire(unit);
  const told = telling(log, 3);
  const flags = told.flatMap((line) => line.match(/(?<=\s)--?[a-z][\w-]+/g) ?? []);
  return {
    details: [
      ...(state === undefined ? [] : [`unit ${stateOf(state)}`]),
      ...told.map((line) => `log      "${line.slice(0, 300)}"`),
      ...(await setBy([...flags, ...names], role)),
    ],
    hint: `npm run lab -- ssh ${on} -- journalctl -u ${unit.name} -n 50`,
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
