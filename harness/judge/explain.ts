import type { Observation, Parse } from "../facts/fact.ts";
import { NoAnswer } from "../facts/http.ts";
import { journal, telling } from "../facts/journal.ts";
import { read } from "../facts/observe.ts";
import { units, type Unit } from "../facts/units.ts";
import { asRoot } from "../machines/hint.ts";
import type { Setting } from "../report/results/spec.ts";
import { likeliest } from "./blame.ts";
import type { Link } from "./chain.ts";
import { portsOf } from "./ports.ts";
import { running } from "./running.ts";
import { isWatched } from "./settings.ts";
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

/** The broken link behind a failure: what it rests on, or the very server that did not answer it. */
export function groundOf(error: Error): Link | undefined {
  const server = error instanceof NoAnswer ? serverOf(error.url) : undefined;
  if (server === undefined) return undefined;
  const { chain } = running().course;
  return chain.brokenGround(server.link) ?? (chain.isBroken(server.link) ? server.link : undefined);
}

type UnitOn = Subject["units"][number];

/**
 * What a unit's machine says of it, asked anew and for no evidence; less where the machine does not answer or cannot
 * be understood, which must take nothing away from the failure itself.
 */
async function inquire(unit: UnitOn, withLog: boolean) {
  const { name } = unit;
  const questions = [units.ask(name), ...(withLog ? [journal.ask(name)] : [])];
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
  return { state: understood(units.parse, seen?.[0])?.[0], log: understood(journal.parse, seen?.[1]) ?? [] };
}

/**
 * Since when the same was looked for in vain on another machine, with nothing done to the lab since: milliseconds by
 * the course's clock.
 */
export function inVainSince(error: Error): number | undefined {
  const { chain, notes, acts } = running().course;
  const subject = subjectOf(error, notes.subjects);
  const vain = subject && chain.brokenPeer(subject.link)?.vain;
  return vain?.acts === acts ? vain.since : undefined;
}

/**
 * What ends the waiting, where to wait on is of no use: the failure itself, where what it rests on is known to be
 * broken or nothing starts the unit behind it any more; that unit's restart, where it was started again meanwhile: it
 * ends again and again, and any one look may find it up. Undefined while it can come true.
 */
export async function whyOver(error: Error): Promise<Error | undefined> {
  const { course } = running();
  if (groundOf(error) !== undefined) return error;
  const subject = subjectOf(error, course.notes.subjects);
  if (subject === undefined) return undefined;
  if (course.chain.isBroken(subject.link)) return error;
  const [unit] = subject.units;
  const state = unit && (await inquire(unit, false)).state;
  if (unit === undefined || state === undefined) return undefined;
  if (state.load !== "loaded" || ["failed", "inactive"].includes(state.active)) return error;
  const machine = machineOf(unit);
  const first = machine?.unitAtFirst(unit.name);
  if (machine === undefined || first === undefined || first.started === state.started) return undefined;
  return isWatched(unit.name) ? startedAgain(about(machine, unit.name)) : error;
}

const machineOf = ({ machine }: UnitOn) => running().lab.machines.find(({ name }) => name === machine);

/** Why something failed, as far as the machine and the templates can tell. */
export interface Explanation {
  details: string[];
  /** The command that shows more. */
  hint?: string;
  /** When the unit behind it ended, as its machine says. */
  since?: string;
  /** The log's last line that says why. */
  log?: { machine: string; unit: string; line: string };
  settings: Setting[];
}

/** The unit's state, the last lines of its log that tell, and the settings it is likeliest about. */
export async function explain(
  { units: behind, machine, settings: names }: Subject,
  seen: { expected: string; saw: string },
): Promise<Explanation> {
  const asked = await Promise.all(behind.map(async (unit) => ({ unit, ...(await inquire(unit, true)) })));
  const told = asked.map(({ unit, state, log }) => ({ unit, state, lines: telling(log, 3) }));
  const [first] = told;
  const loud = told.find(({ lines }) => lines.length > 0);
  const line = loud?.lines.at(-1);
  const settings = likeliest(
    running().settingLines,
    {
      names,
      machines: [machine, ...behind.map((unit) => unit.machine)],
      units: behind.map(({ name }) => name),
    },
    { log: told.flatMap(({ lines }) => lines), ...seen },
  );
  const ended = first?.state?.active === "active" ? undefined : first?.state?.ended;
  const at = loud?.unit ?? behind[0];
  return {
    details: [
      ...(first?.state === undefined ? [] : [`unit ${stateOf(first.state)}`]),
      ...told.flatMap(({ unit, lines }) =>
        lines.map(
          (text) =>
            `log      ${unit.machine === machine ? "" : `${unit.machine} ${unit.name} `}"${text.slice(0, 300)}"`,
        ),
      ),
      ...settings.slice(0, 3).map(({ file, line: number, name }) => `set by   ${file}:${number}  ${name}`),
    ],
    ...(at === undefined ? {} : { hint: asRoot(at.machine, `journalctl -u ${at.name} -n 50`) }),
    ...(ended === undefined || ended === "" ? {} : { since: ended }),
    ...(loud === undefined || line === undefined
      ? {}
      : { log: { machine: loud.unit.machine, unit: loud.unit.name, line: line.slice(0, 300) } }),
    settings: settings.slice(0, 5),
  };
}

/** "kubelet failed 14:02:11 (exit-code, 1)", "kubelet active (running)", "flanneld not-found". */
function stateOf({ name, load, active, sub, result, exitStatus, ended }: Unit): string {
  if (load !== "loaded") return `${name} ${load}`;
  if (active === "active") return `${name} active (${sub})`;
  const time = /\d\d:\d\d:\d\d/.exec(ended)?.[0];
  return `${name} ${active}${time === undefined ? "" : ` ${time}`} (${sub}, ${result}, ${exitStatus})`;
}
