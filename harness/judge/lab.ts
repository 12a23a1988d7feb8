import type { Observer } from "../facts/observe.ts";
import type { Lab } from "../lab/lab.ts";
import type { Course } from "./course.ts";
import type { GivenFile } from "../provision/given.ts";
import { Worker, type Planned, type SpecMachine } from "./machine.ts";
import { Master } from "./master.ts";
import { Readings } from "./readings.ts";

/** The lab as specs see it: what its file says, with machines that can be asked. */
export interface SpecLab extends Omit<Lab, "master" | "workers" | "machines"> {
  readonly master: Master;
  readonly workers: readonly Worker[];
  readonly machines: readonly SpecMachine[];
  /** The files that its machines were given. */
  readonly files: readonly GivenFile[];
  /** Every ordered pair of two different ones. */
  pairs<T>(things: readonly T[]): [T, T][];
}

/**
 * Puts observers behind a lab's machines. The first fact that is read makes every machine take its snapshot, all at
 * once; those about packages have one of their own before it, and those about their kept files one after it.
 * @throws Error when there is no observer for one of the lab's machines
 */
export function specLab(
  lab: Lab,
  observers: readonly Observer[],
  course: Course,
  files: readonly GivenFile[] = [],
): SpecLab {
  const surroundings = {
    names: lab.machines.map(({ name }) => name),
    files: new Map(
      lab.machines.map(({ name }) => [
        name,
        files.filter(({ machine }) => machine === name).map(({ path }) => path),
      ]),
    ),
  };
  const taken = new Set<Planned>();
  const snapshot = (planned: Planned) => {
    if (taken.has(planned)) return;
    taken.add(planned);
    for (const machine of machines) void take(machine, planned);
  };
  // All specs after those on packages want the state: it is seen while those run.
  const take = async (machine: SpecMachine, planned: Planned) => {
    await machine.readings.snapshot(machine.planned(planned, surroundings));
    if (planned !== "packages" || taken.has("state")) return;
    await machine.readings.snapshot(machine.planned("state", surroundings));
  };
  const readingsOf = (name: string) => {
    const observer = observers.find((one) => one.name === name);
    if (observer === undefined) throw new Error(`expected a machine "${name}" to judge`);
    return new Readings(observer, course);
  };
  const master = new Master(readingsOf(lab.master.name), snapshot, lab);
  const workers = lab.workers.map(({ name }) => new Worker(readingsOf(name), snapshot));
  const machines: SpecMachine[] = [master, ...workers];
  return {
    ...lab,
    master,
    workers,
    machines,
    files,
    pairs: (things) =>
      things.flatMap((one) =>
        things.filter((other) => other !== one).map((other): [typeof one, typeof one] => [one, other]),
      ),
  };
}
