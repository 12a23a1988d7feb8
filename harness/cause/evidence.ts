import type { NamesOfAddress, Seen } from "./seen.ts";
import type { Daemon, Setting, SettingProblem } from "../settings/setting.ts";

/** Where evidence comes from. */
export type EvidenceKind = "words" | "seen" | "process" | "check" | "default" | "plan";

/** A recorded fact that points at a setting. */
export interface Evidence {
  kind: EvidenceKind;
  /** Direct evidence names the setting or shows its value; circumstantial evidence only orders candidates. */
  strength: "direct" | "circumstantial";
  /** How a person would say it: `kubelet says "unknown flag: --api-server"`. */
  text: string;
}

/** What is known of one unit behind a broken component. */
export interface UnitWitness {
  machine: string;
  unit: string;
  /** Undefined where its machine could not be asked. */
  state?: { load: string; active: string; sub: string; file: string; ended: string };
  /** The lines of its log that say what went wrong, the oldest first. */
  log: readonly string[];
  /** The arguments its process runs with, or the last one ran with; undefined where they are not known. */
  args?: readonly string[];
  /** The files its variables are read from, as systemd has it now; undefined where that is not known. */
  environmentFiles?: readonly string[];
}

/** All that a failure and its machines say about one broken component. */
export interface Testimony {
  /** The component on a machine: "worker1/kubelet". */
  node: string;
  /** What each failed spec about it expected, and what it saw. */
  looks: readonly Seen[];
  namesOf: NamesOfAddress;
  units: readonly UnitWitness[];
}

/** A line, or one that is not there, that can be behind a broken component. */
export interface Candidate {
  /** What it sets: `KUBELET_ARGS`, `[base] gpgcheck`, `Service frontend: spec.selector.tier`. */
  name: string;
  file: string;
  /** From 1; undefined where no line of the file sets it. */
  line: number | undefined;
  /** The line as it is written; where there is none, what rules in its place. */
  text: string;
  /** The same line as it came out on each machine. */
  settings: readonly Setting[];
  evidence: Evidence[];
}

/** What a blame is found from, beside the testimony. */
export interface Known {
  settings: readonly Setting[];
  daemons: readonly Daemon[];
  problems: readonly SettingProblem[];
  /** What the packages' own files set: variables by the file's path on the machine. */
  stock: ReadonlyMap<string, ReadonlyMap<string, string>>;
}
