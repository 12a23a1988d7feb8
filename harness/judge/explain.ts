import type { UnitWitness } from "../cause/evidence.ts";
import type { Node } from "../cause/graph.ts";
import type { Observation, Parse } from "../facts/fact.ts";
import { NoAnswer } from "../facts/http.ts";
import { journal, telling } from "../facts/journal.ts";
import { read } from "../facts/observe.ts";
import { unit as unitState, type Unit } from "../facts/unit.ts";
import { unitFiles } from "../facts/unit-files.ts";
import { unitProcess } from "../facts/unit-process.ts";
import { asRoot } from "../machines/hint.ts";
import { components, type ComponentName } from "./cluster.ts";
import { portsOf } from "./ports.ts";
import { running } from "./running.ts";
import { about, startedAgain, subjectAt, type Subject } from "./subject.ts";

/** What a failure is about: the server that did not answer, or what the spec named; undefined where it named nothing. */
export function subjectOf(error: Error, subjects: ReadonlyMap<string, Subject>): Subject | undefined {
  const server = error instanceof NoAnswer ? serverOf(error.url) : undefined;
  if (server !== undefined) return server;
  const named = [...subjects.values()].filter(({ label }) => error.message.startsWith(`${label}: `));
  return (
    named.sort((one, other) => other.label.length - one.label.length)[0] ?? [...subjects.values()].at(-1)
  );
}

/** The daemon that should have answered a URL: known by the machine's address and the port. */
function serverOf(url: string): Subject | undefined {
  const { hostname, port } = new URL(url);
  const { lab } = running();
  const machine = lab.machines.find(({ address }) => address === hostname);
  const expected = machine && portsOf(lab)[machine.role].find((one) => one.port === Number(port));
  if (machine === undefined || expected?.process === undefined) return undefined;
  return subjectAt(machine.name, expected.watched, machine.name);
}

/** The broken node behind a failure: what it depends on, or the very server that did not answer it. */
export function brokenBehind(error: Error): Node | undefined {
  const server = error instanceof NoAnswer ? serverOf(error.url) : undefined;
  if (server === undefined) return undefined;
  const { graph } = running().course;
  return graph.brokenDependency(server.link) ?? (graph.isBroken(server.link) ? server.link : undefined);
}

type UnitOn = Subject["units"][number];

/**
 * What a unit's machine says of it, asked anew and for no evidence; less where the machine does not answer or cannot
 * be understood, which must take nothing away from the failure itself.
 */
async function inquire(unit: UnitOn, withLog: boolean) {
  const { name } = unit;
  const questions = [
    unitState.ask(name),
    ...(withLog ? [journal.ask(name), unitProcess.ask(name), unitFiles.ask(name)] : []),
  ];
  const seen = await machineOf(unit)
    ?.readings.inquire(questions)
    .catch(() => undefined);
  const understood = <T>(parse: Parse<T>, observation: Observation | undefined): T | undefined => {
    try {
      return observation && read(parse, observation);
    } catch {
      return undefined;
    }
  };
  return {
    state: understood(unitState.parse, seen?.[0]),
    log: understood(journal.parse, seen?.[1]) ?? [],
    process: understood(unitProcess.parse, seen?.[2]),
    files: understood(unitFiles.parse, seen?.[3]),
  };
}

/** Has what a failure on a machine may come from recorded: its filter, and what the API server has. */
async function recordCircumstances(name: string): Promise<void> {
  const { master, machines } = running().lab;
  const concerned = new Set([...machines.filter((machine) => machine.name === name), master]);
  await Promise.allSettled(
    [...concerned].map((machine) => machine.readings.inquire(machine.circumstances())),
  );
}

/**
 * Since when the same was looked for in vain on another machine, with nothing done to the lab since: milliseconds by
 * the course's clock.
 */
export function inVainSince(error: Error): number | undefined {
  const { graph, notes, acts } = running().course;
  const subject = subjectOf(error, notes.subjects);
  const vain = subject && graph.brokenPeer(subject.link)?.vain;
  return vain?.acts === acts ? vain.since : undefined;
}

/**
 * The error to stop on, where waiting longer cannot help: the failure itself, where what it depends on is known to be
 * broken or nothing starts the unit behind it any more; that unit's restart, where it was started again meanwhile: it
 * ends again and again, and any one look may find it up. Undefined while it can come true.
 */
export async function whyOver(error: Error): Promise<Error | undefined> {
  const { course } = running();
  if (brokenBehind(error) !== undefined) return error;
  const subject = subjectOf(error, course.notes.subjects);
  if (subject === undefined) return undefined;
  if (course.graph.isBroken(subject.link)) return error;
  const [unit] = subject.units;
  const state = unit && (await inquire(unit, false)).state;
  if (unit === undefined || state === undefined) return undefined;
  if (state.load !== "loaded" || ["failed", "inactive"].includes(state.active)) return error;
  const machine = machineOf(unit);
  const first = machine?.unitAtFirst(unit.name);
  if (machine === undefined || first === undefined || first.started === state.started) return undefined;
  return isComponent(unit.name) ? startedAgain(about(machine, unit.name)) : error;
}

const isComponent = (name: string): name is ComponentName => name in components;

const machineOf = ({ machine }: UnitOn) => running().lab.machines.find(({ name }) => name === machine);

/** What the machines say of a failure, before it is known which of all failures is the cause. */
export interface Explanation {
  details: string[];
  /** The command that shows more. */
  hint?: string;
  /** When the unit behind it ended, as its machine says. */
  since?: string;
  /** What each unit behind it says of itself. */
  units: UnitWitness[];
}

/** How many of a log's telling lines are looked at for the cause, and how many are printed. */
const lines = { heard: 12, printed: 3 };

/** The units' states, and the last lines of their logs that tell. */
export async function explain({ units: behind, machine }: Subject): Promise<Explanation> {
  const asked = await Promise.all(behind.map(async (unit) => ({ unit, ...(await inquire(unit, true)) })));
  const told = asked.map(({ log, ...rest }) => ({ ...rest, log: telling(log, lines.heard) }));
  await recordCircumstances(machine);
  const [first] = told;
  const at = told.find(({ log }) => log.length > 0)?.unit ?? behind[0];
  const ended = first?.state?.active === "active" ? undefined : first?.state?.ended;
  return {
    details: [
      ...(first?.state === undefined ? [] : [`unit ${stateOf(first.state)}`]),
      ...told.flatMap(({ unit, log }) =>
        log
          .slice(-lines.printed)
          .map(
            (text) =>
              `log      ${unit.machine === machine ? "" : `${unit.machine} ${unit.name} `}"${text.slice(0, 300)}"`,
          ),
      ),
    ],
    ...(at === undefined ? {} : { hint: asRoot(at.machine, `journalctl -u ${at.name} -n 50`) }),
    ...(ended === undefined || ended === "" ? {} : { since: ended }),
    units: told.map(({ unit, state, log, process, files }) => ({
      machine: unit.machine,
      unit: unit.name,
      log,
      ...(state === undefined ? {} : { state }),
      ...(process === undefined ? {} : { args: process.args }),
      ...(files === undefined ? {} : { environmentFiles: files.environmentFiles.map(({ path }) => path) }),
    })),
  };
}

/** "kubelet failed 14:02:11 (exit-code, 1)", "kubelet active (running)", "flanneld not-found". */
function stateOf({ name, load, active, sub, result, exitStatus, ended }: Unit): string {
  if (load !== "loaded") return `${name} ${load}`;
  if (active === "active") return `${name} active (${sub})`;
  const time = /\d\d:\d\d:\d\d/.exec(ended)?.[0];
  return `${name} ${active}${time === undefined ? "" : ` ${time}`} (${sub}, ${result}, ${exitStatus})`;
}
