import { ClusterBroken, NotJudged } from "../errors.ts";
import { vxlanDevice } from "../lab/names.ts";
import { linkOf, placed, type Link } from "./chain.ts";
import { running } from "./running.ts";
import { settings, type Watched } from "./settings.ts";

/** What a spec is about: where it stands in the chain, and where to look for the cause when it fails. */
export interface Subject {
  /** As messages name it: "worker1 kubelet". */
  label: string;
  machine: string;
  link: Link;
  /** The systemd units whose logs tell of it, the one that answers for it first. */
  units: readonly { name: string; machine: string }[];
  /** The settings that govern it, by the names they have in templates. */
  settings: readonly string[];
}

/** What a spec is about, by a link of the chain. */
export function subjectAt(machine: string, watched: Watched, label: string): Subject {
  const { units = [], names } = settings[watched];
  return {
    label,
    machine,
    link: linkOf(machine, watched),
    units: units
      .flatMap((place) => placed(place, machine, running().lab))
      .map(({ machine: on, what }) => ({ name: what, machine: on })),
    settings: names,
  };
}

/**
 * Names what an assertion is about, so that a failure can tell the cause: the state and log of the unit behind it,
 * and the template's line that sets it. Give it to chai as the message: `expect(value, about(worker, "docker0"))`.
 * @param more words that tell it apart from others of its kind: "MTU"
 * @returns the words a failure begins with: "worker1 docker0 MTU"
 * @throws Ungrounded where something that it rests on is broken: then there is nothing to judge
 */
export function about(machine: { name: string }, watched: Watched, more = ""): string {
  const { course, lab } = running();
  const noun = settings[watched].noun.replace("{vxlan device}", vxlanDevice(lab.flannel));
  const label = [machine.name, noun, more].filter((word) => word !== "").join(" ");
  const subject = subjectAt(machine.name, watched, label);
  course.notes.subjects.set(label, subject);
  const ground = course.chain.brokenGround(subject.link);
  if (ground !== undefined) throw new Ungrounded(ground, course.chain.whyBroken(ground));
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

/** A daemon that was started again while judging: one that cannot work comes up again and again. */
export const startedAgain = (label: string): Hopeless =>
  new Hopeless(`${label}: expected to run on without a restart, saw it started again`);

/** What a spec rests on is broken, so that it has nothing to judge: a symptom, not one more failure. */
export class Ungrounded extends NotJudged {
  readonly ground: Link;
  readonly why: string;

  constructor(ground: Link, why: string) {
    super(`not judged because ${why}`);
    this.ground = ground;
    this.why = why;
  }
}
