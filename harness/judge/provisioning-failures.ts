import type { Components } from "../cause/component.ts";
import type { Role } from "../lab/schema.ts";
import { nodeOf, type Broken, type Node, type ProvisioningFailures } from "../cause/graph.ts";

/** A machine on which provisioning broke off. */
interface Failure {
  machine: string;
  message: string;
  /** The unit that did not come up. */
  unit?: string;
  /** The step that failed. */
  step?: string;
  /** What a machine of another role did not make true. */
  awaited?: { name: string; from: Role };
  unreached: readonly string[];
}

/**
 * What provisioning says of the graph before anything is judged: units that did not come up, components that a failed
 * step is there for, and the units that were therefore never started.
 */
export function provisioningFailures(
  failures: readonly Failure[],
  components: Components,
  machines: readonly { name: string; role: Role }[],
): ProvisioningFailures {
  const broken = new Map<Node, Broken>();
  const unreached = new Map<Node, Node>();
  for (const { machine, message, unit, step, awaited, unreached: left } of failures) {
    const script = step ?? awaited?.name;
    const component = unit ?? (script === undefined ? undefined : readerOf(script, components));
    if (component === undefined || components[component] === undefined) continue;
    const maker = machines.find(({ role }) => role === awaited?.from)?.name ?? machine;
    const node = nodeOf(maker, component);
    // What another machine was to make is judged there; that it is missing here is known.
    if (awaited === undefined) broken.set(node, { why: message });
    for (const name of left) {
      if (components[name] !== undefined) unreached.set(nodeOf(machine, name), node);
    }
  }
  return { broken, unreached };
}

/** The component that a step is there for: the first that says it reads it. */
const readerOf = (step: string, components: Components): string | undefined =>
  Object.entries(components).find(([, { reads = [] }]) =>
    reads.some((place) => place === `step ${step}`),
  )?.[0];
