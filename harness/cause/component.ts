/** Something on the same machine, on the master, or on every worker. */
export type Place<T extends string> = T | `master:${T}` | `workers:${T}`;

/**
 * What a component reads besides the files of its units: files on the machine by path, where `*` stands for any
 * name; a step by its name; a manifest's object by kind and name; the plan's items of one kind.
 */
export type Reads =
  `file ${string}` | `step ${string}` | `object ${string}` | `plan ${"packages" | "units" | "images"}`;

/** What a cluster is made of and a spec is about. */
export interface Component<Name extends string = string> {
  /** How messages name it, after the machine. */
  noun: string;
  /** The systemd units that are it or do its work, the one that answers for it first. */
  units?: readonly Place<string>[];
  reads?: readonly Place<Reads>[];
  /** What must work before it can be judged. */
  dependsOn?: readonly Place<Name>[];
}

export type Components = Readonly<Record<string, Component>>;

/** Keeps the names of a cluster's components as a type, so that a misspelt one does not compile. */
export const defineComponents = <Name extends string>(
  components: Readonly<Record<Name, Component<NoInfer<Name>>>>,
): Readonly<Record<Name, Component<Name>>> => components;

/** The machines that a place can mean. */
export interface Site {
  master: { name: string };
  workers: readonly { name: string }[];
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
