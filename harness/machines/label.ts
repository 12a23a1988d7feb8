import { randomBytes } from "node:crypto";

/** One run of a lab, and what everything it makes on the host is called. */
export interface Run {
  readonly lab: string;
  /** Six hexadecimal digits. */
  readonly id: string;
  /** hardway-LAB-ID: the namespace's name, and how the names of domains, networks and volumes begin. */
  readonly label: string;
}

const pattern = /^hardway-([a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)-([0-9a-f]{6})$/;

export function newRun(lab: string): Run {
  const id = randomBytes(3).toString("hex");
  return { lab, id, label: `hardway-${lab}-${id}` };
}

/** The run a label stands for; undefined where the text is no label of ours. */
export function parseLabel(text: string): Run | undefined {
  const [label, lab, id] = pattern.exec(text) ?? [];
  return label === undefined || lab === undefined || id === undefined ? undefined : { lab, id, label };
}

/** The run a domain (LABEL_MACHINE), a volume (LABEL_MACHINE.img) or a network (LABEL-lab) belongs to. */
export function runOf(name: string): Run | undefined {
  const label = /^(hardway-.+-[0-9a-f]{6})(?:_.+|-lab|-mgmt)$/.exec(name)?.[1];
  return label === undefined ? undefined : parseLabel(label);
}

/** How the names of a run's domains and volumes begin: no other run's names do, whatever the labs are called. */
export const prefixOf = (label: string): string => `${label}_`;

/** The two libvirt networks of a run. */
export const networksOf = (label: string) => ({ lab: `${label}-lab`, management: `${label}-mgmt` });

/** Bridge names, derived from the run alone: an interface name has at most 15 characters. */
export const bridgesOf = (run: Run) => ({ lab: `hw${run.id}l`, management: `hw${run.id}m` });
