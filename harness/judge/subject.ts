import { nodeOf, type Node } from "../cause/graph.ts";
import { placed } from "../cause/component.ts";
import { ClusterBroken, NotJudged } from "../errors.ts";
import type { ComponentName } from "./cluster.ts";
import { vxlanDevice } from "../lab/names.ts";
import { running } from "./running.ts";

/** What a spec is about: where it stands in the graph, and where to look for the cause when it fails. */
export interface Subject {
  /** As messages name it: "worker1 kubelet". */
  label: string;
  machine: string;
  link: Node;
  /** The systemd units whose logs tell of it, the one that answers for it first. */
  units: readonly { name: string; machine: string }[];
}

/** What a spec is about, by a component on a machine. */
export function subjectAt(machine: string, component: string, label: string): Subject {
  const { graph } = running().course;
  const { units = [] } = graph.components[component] ?? {};
  return {
    label,
    machine,
    link: nodeOf(machine, component),
    units: units
      .flatMap((place) => placed(place, machine, graph.site))
      .map(({ machine: on, what }) => ({ name: what, machine: on })),
  };
}

/**
 * Names what an assertion is about, so that a failure can tell the cause: the state and log of the units behind it,
 * and the settings they read. Give it to chai as the message: `expect(value, about(worker, "docker0"))`.
 * @param more words that tell it apart from others of its kind: "MTU"
 * @returns the words a failure begins with: "worker1 docker0 MTU"
 * @throws DependencyBroken where something that it depends on is broken: then there is nothing to judge
 */
export function about(machine: { name: string }, component: ComponentName, more = ""): string {
  const { course, lab } = running();
  const noun = (course.graph.components[component]?.noun ?? component).replace(
    "{vxlan device}",
    vxlanDevice(lab.flannel),
  );
  const label = [machine.name, noun, more].filter((word) => word !== "").join(" ");
  const subject = subjectAt(machine.name, component, label);
  course.notes.subjects.set(label, subject);
  const broken = course.graph.brokenDependency(subject.link);
  if (broken !== undefined) throw new DependencyBroken(broken, course.graph.whyBroken(broken));
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

/** What a spec depends on is broken, so that it has nothing to judge: a symptom, not one more failure. */
export class DependencyBroken extends NotJudged {
  readonly node: Node;
  readonly why: string;

  constructor(node: Node, why: string) {
    super(`not judged because ${why}`);
    this.node = node;
    this.why = why;
  }
}
