import { linkOf, type Broken, type Foreknown, type Link } from "./chain.ts";
import { isWatched } from "./settings.ts";

/** A machine on which provisioning broke off. */
interface Failure {
  machine: string;
  message: string;
  /** The unit that did not come up; none where a step or a wait for another machine failed. */
  unit?: string;
  unreached: readonly string[];
}

/**
 * What provisioning says of the chain before anything is judged: units that did not come up, and those it therefore
 * never started. Steps and waits between units are all about flannel's network in etcd.
 * @param master the master's name
 */
export function foreknownFrom(failures: readonly Failure[], master: string): Foreknown {
  const broken = new Map<Link, Broken>();
  const unreached = new Map<Link, Link>();
  for (const { machine, message, unit, unreached: left } of failures) {
    const cause =
      unit !== undefined && isWatched(unit) ? linkOf(machine, unit) : linkOf(master, "flannel network");
    if (unit !== undefined || machine === master) broken.set(cause, { why: message });
    for (const name of left) if (isWatched(name)) unreached.set(linkOf(machine, name), cause);
  }
  return { broken, unreached };
}
