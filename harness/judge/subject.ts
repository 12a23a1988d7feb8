import { ClusterBroken } from "../errors.ts";
import { running } from "./running.ts";
import { settings, type Watched } from "./settings.ts";

/** What a spec is about: where to look for the cause when it fails. */
export interface Subject {
  /** As messages name it: "worker1 kubelet". */
  label: string;
  machine: string;
  /** The systemd unit that answers for it, and the machine that unit runs on. */
  unit?: { name: string; machine: string };
  /** The settings that govern it, by the names they have in templates. */
  settings: readonly string[];
}

/**
 * Names what an assertion is about, so that a failure can tell the cause: the state and log of the unit behind it,
 * and the template's line that sets it. Give it to chai as the message: `expect(value, about(worker, "docker0"))`.
 * @param more words that tell it apart from others of its kind: "MTU"
 * @returns the words a failure begins with: "worker1 docker0 MTU"
 */
export function about(machine: { name: string }, watched: Watched, more = ""): string {
  const { noun, unit, master, names } = settings[watched];
  const label = [machine.name, noun, more].filter((word) => word !== "").join(" ");
  const at = master === true ? running().masterName : machine.name;
  running().course.notes.subjects.set(label, {
    label,
    machine: machine.name,
    ...(unit === undefined ? {} : { unit: { name: unit, machine: at } }),
    settings: names,
  });
  return label;
}

/** What was expected does not hold. */
class CheckFailed extends ClusterBroken {}

/**
 * Says what must hold, where an assertion would not read well.
 * @param label what it is about, from `about`
 * @throws CheckFailed "worker1 kubelet: expected tcp 4194 to be listening, saw 22, 10250"
 */
export function claim(holds: boolean, label: string, expected: string, saw: string): asserts holds {
  if (!holds) throw new CheckFailed(`${label}: expected ${expected}, saw ${saw === "" ? "nothing" : saw}`);
}

/** The condition can no longer come true, however long one waits. */
export class Hopeless extends ClusterBroken {}
