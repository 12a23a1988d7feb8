import { placed, type Components, type Site } from "./component.ts";

/** A component on a machine, a node of the graph: "worker1/kubelet". */
export type Node = `${string}/${string}`;

export const nodeOf = (machine: string, component: string): Node => `${machine}/${component}`;

/** A node's machine and component. */
export function partsOf(node: string): { machine: string; component: string } {
  const at = node.indexOf("/");
  return { machine: node.slice(0, at), component: node.slice(at + 1) };
}

/** What is known to be broken: why, in a sentence, and by which spec. */
export interface Broken {
  why: string;
  title?: readonly string[];
  /** Since when it was looked for in vain, milliseconds by the course's clock, with nothing done to the lab since that many acts. */
  vain?: { since: number; acts: number };
}

/** What provisioning knows before anything is judged. */
export interface ProvisioningFailures {
  broken: ReadonlyMap<Node, Broken>;
  /** Units that were never started, with what kept them from it: they depend on that, too. */
  unreached: ReadonlyMap<Node, Node>;
}

const nothingFailed: ProvisioningFailures = { broken: new Map(), unreached: new Map() };

/** The components of one lab's machines and what each depends on, with those known to be broken. */
export class Graph {
  readonly components: Components;
  readonly site: Site;
  readonly #unreached: ReadonlyMap<Node, Node>;
  readonly #broken: Map<Node, Broken>;

  constructor(components: Components, site: Site, failures: ProvisioningFailures = nothingFailed) {
    this.components = components;
    this.site = site;
    this.#unreached = failures.unreached;
    this.#broken = new Map(failures.broken);
  }

  /** Notes that a node is broken; the first reason stays. */
  break(node: Node, broken: Broken): void {
    if (!this.#broken.has(node)) this.#broken.set(node, broken);
  }

  isBroken = (node: Node): boolean => this.#broken.has(node);

  whyBroken = (node: Node): string => this.#broken.get(node)?.why ?? `${node} is broken`;

  /** All broken nodes, in the order they were found. */
  broken = (): Node[] => [...this.#broken.keys()];

  /** The same component on another machine, where it is broken, too. */
  brokenPeer(node: Node): Broken | undefined {
    const { machine, component } = partsOf(node);
    const peer = [...this.#broken].find(([other]) => {
      const at = partsOf(other);
      return at.component === component && at.machine !== machine;
    });
    return peer?.[1];
  }

  /** What a node depends on directly. */
  dependenciesOf(node: Node): Node[] {
    const { machine, component } = partsOf(node);
    const kept = this.#unreached.get(node);
    return (this.components[component]?.dependsOn ?? [])
      .flatMap((place) => placed(place, machine, this.site))
      .map(({ machine: on, what }) => nodeOf(on, what))
      .concat(kept === undefined ? [] : [kept]);
  }

  /**
   * The broken node that a node depends on, over however many others, and that itself depends on no broken one;
   * undefined where all its dependencies work.
   */
  brokenDependency(node: Node): Node | undefined {
    const seen = new Set<Node>();
    const search = (at: Node): Node | undefined => {
      for (const dependency of this.dependenciesOf(at)) {
        if (seen.has(dependency)) continue;
        seen.add(dependency);
        const deeper = search(dependency);
        if (deeper !== undefined) return deeper;
        if (this.#broken.has(dependency)) return dependency;
      }
      return undefined;
    };
    return search(node);
  }
}
