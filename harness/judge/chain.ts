import { grounds } from "./grounds.ts";
import type { Place, Watched } from "./settings.ts";

/** Something watched on a machine, a link in the chain from etcd to the guestbook's page: "worker1/kubelet". */
export type Link = `${string}/${Watched}`;

/** The machines that a place can mean. */
export interface Site {
  master: { name: string };
  workers: readonly { name: string }[];
}

export const linkOf = (machine: string, watched: Watched): Link => `${machine}/${watched}`;

/** A link's machine and what is watched there. */
export function partsOf(link: string): { machine: string; watched: Watched } {
  const at = link.indexOf("/");
  return { machine: link.slice(0, at), watched: link.slice(at + 1) as Watched };
}

/** A place seen from a machine: each machine it means, with what is there. */
export function placed<T extends string>(
  place: Place<T>,
  from: string,
  { master, workers }: Site,
): { machine: string; what: T }[] {
  const [, where, rest] = /^(master|workers):(.*)$/.exec(place) ?? [];
  const what = (rest ?? place) as T;
  if (where === undefined) return [{ machine: from, what }];
  return (where === "master" ? [master] : workers).map(({ name }) => ({ machine: name, what }));
}

/** What is known to be broken: why, in a sentence, and by which spec. */
export interface Broken {
  why: string;
  title?: readonly string[];
  /** Since when it was looked for in vain, milliseconds by the course's clock, with nothing done to the lab since that many acts. */
  vain?: { since: number; acts: number };
}

/** What provisioning knows before anything is judged. */
export interface Foreknown {
  broken: ReadonlyMap<Link, Broken>;
  /** Units that were never started, with what kept them from it: they rest on that, too. */
  unreached: ReadonlyMap<Link, Link>;
}

const nothingForeknown: Foreknown = { broken: new Map(), unreached: new Map() };

/** The chain of one lab, with the links of it that are known to be broken. */
export class Chain {
  readonly #site: Site;
  readonly #unreached: ReadonlyMap<Link, Link>;
  readonly #broken: Map<Link, Broken>;

  constructor(site: Site, { broken, unreached }: Foreknown = nothingForeknown) {
    this.#site = site;
    this.#unreached = unreached;
    this.#broken = new Map(broken);
  }

  breaks(link: Link, broken: Broken): void {
    if (!this.#broken.has(link)) this.#broken.set(link, broken);
  }

  isBroken = (link: Link): boolean => this.#broken.has(link);

  whyBroken = (link: Link): string => this.#broken.get(link)?.why ?? `${link} is broken`;

  /** The same thing on another machine, where it is broken, too. */
  brokenPeer(link: Link): Broken | undefined {
    const { machine, watched } = partsOf(link);
    const peer = [...this.#broken].find(([other]) => {
      const at = partsOf(other);
      return at.watched === watched && at.machine !== machine;
    });
    return peer?.[1];
  }

  /** What a link rests on directly. */
  groundsOf(link: Link): Link[] {
    const { machine, watched } = partsOf(link);
    const kept = this.#unreached.get(link);
    return grounds[watched]
      .flatMap((place) => placed(place, machine, this.#site))
      .map(({ machine: on, what }) => linkOf(on, what))
      .concat(kept === undefined ? [] : [kept]);
  }

  /**
   * The broken link that a link rests on, over however many others, and that itself rests on no broken one; undefined
   * where all its grounds hold.
   */
  brokenGround(link: Link): Link | undefined {
    const seen = new Set<Link>();
    const search = (at: Link): Link | undefined => {
      for (const ground of this.groundsOf(at)) {
        if (seen.has(ground)) continue;
        seen.add(ground);
        const deeper = search(ground);
        if (deeper !== undefined) return deeper;
        if (this.#broken.has(ground)) return ground;
      }
      return undefined;
    };
    return search(link);
  }
}
