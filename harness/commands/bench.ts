import { join } from "node:path";
import { exitCode, type ExitCode } from "../errors.ts";
import { onlyLooks } from "../judge/onlookers.ts";
import { down, judgeLab, provisionLab, up, type Course } from "../lifecycle.ts";
import { print } from "../visible.ts";
import { count, explained, shared, type Arguments, type Command } from "./command.ts";
import { onNewLab } from "./lab-command.ts";

type Measured = Map<string, number[]>;

/** The middle of some numbers. */
function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]];
  return (low + high) / 2;
}

async function measure(course: Course, typed: Arguments): Promise<ExitCode> {
  const measured: Measured = new Map();
  const times = count(typed, "times");
  for (let time = 1; time <= times; time++) await measureOnce(inFolder(course, `time-${time}`), measured);
  for (const [what, values] of measured) {
    print(`${what.padEnd(44)} ${median(values).toFixed(1).padStart(7)}  of ${values.length}`);
  }
  return exitCode.works;
}

/** With a folder of its own below the run's: Vagrant keeps in there what it believes of the machines. */
function inFolder(course: Course, name: string): Course {
  const { session } = course;
  const folder = join(session.folder, name);
  const placement = { ...session.placement, consoleFolder: join(folder, "consoles") };
  return { ...course, session: { ...session, folder, placement } };
}

async function measureOnce(course: Course, measured: Measured): Promise<void> {
  const note = (what: string, value: number) => measured.set(what, [...(measured.get(what) ?? []), value]);
  const timed = async <T>(what: string, body: () => Promise<T>) => {
    const from = performance.now();
    const value = await body();
    const seconds = (performance.now() - from) / 1000;
    note(`${what}, s`, seconds);
    return { value, seconds };
  };
  try {
    const { lab } = course.session;
    const first = inFolder(course, "alone");
    const alone = { ...first, session: { ...first.session, lab: { ...lab, machines: [lab.master] } } };
    const one = await timed("one machine SSH-ready", () => up(alone));
    await one.value[Symbol.asyncDispose]();
    await down(course);

    const many = await timed(`${lab.machines.length} machines SSH-ready`, () => up(course));
    await using all = many.value;
    note(`${lab.machines.length} machines SSH-ready, times one`, many.seconds / one.seconds);
    const { value: provisioned } = await timed("provision", () => provisionLab(all));
    await timed("provision again, nothing to change", () => provisionLab(all));
    const { value: judgement } = await timed("judge", () => judgeLab(provisioned));
    const onlookers = judgement.specs.filter(onlyLooks);
    note(
      `fact-based specs (${onlookers.length}), s`,
      onlookers.reduce((sum, { elapsed }) => sum + elapsed, 0) / 1000,
    );
    note("harness process, peak MB", process.resourceUsage().maxRSS / 1024);
  } finally {
    await timed("down", () => down(course));
  }
}

/** Measures a whole run, stage by stage; a benchmark, never a test. */
export const bench: Command = {
  name: "bench",
  summary: "measure every stage on a new lab, and print medians",
  usage: "[--lab LAB] [--times N]",
  options: { lab: shared.lab, daemons: shared.daemons, times: { type: "string" } },
  explain: { ...explained, times: "how often; the default is 1" },
  words: 0,
  execute: (typed, signal) => {
    count(typed, "times");
    return onNewLab(typed, signal, measure, { standard: "stand-ins" });
  },
};
