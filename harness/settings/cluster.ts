import type { Lab } from "../lab/lab.ts";
import type { Daemon, Setting, SettingProblem } from "./setting.ts";

/** Where a value is to be found among one machine's settings. */
export type Place =
  /**
   * What a daemon's flag comes to, the flag's other names after the first; where nothing gives it, `otherwise`, or else
   * what the daemon's table says is its default.
   */
  | { unit: string; flags: readonly string[]; otherwise?: string }
  /** A key of a file. */
  | { path: string; key: string }
  /** What a pattern's first group finds in a script's lines. */
  | { step: string; finds: RegExp }
  /** A value of the lab file. */
  | { lab: (lab: Lab) => string | undefined; called: string };

/** One thing that is said in several places and must be the same in all: each of them has one of the first's values. */
export interface Agreement {
  /** What it is, in a few words: "the service range". */
  what: string;
  ends: readonly Place[];
}

/** Something that listens, and what asks for it. */
export interface Listener {
  /** "the API server's port without TLS". */
  what: string;
  /** The unit that listens, at which address and port; or at URLs. */
  serves:
    | { unit: string; address: readonly string[]; port: readonly string[] }
    | { unit: string; urls: readonly string[] };
  /** Where URLs say that it is asked. */
  asks: readonly Place[];
}

/** What a daemon cannot serve, though the flag takes it. */
export interface Limit {
  unit: string;
  flag: string;
  /** What it must be, where it is not. */
  misfit: (value: string) => string | undefined;
}

/**
 * The keys that the reader of a JSON or YAML file knows: each name's own keys, or the values it can have. `texts` is a map
 * of texts under any names.
 */
export interface Shape {
  readonly [name: string]: Shape | readonly string[] | "any" | "number" | "text" | "texts" | "port";
}

/** All that must be known of a cluster to check its settings before anything is touched. */
export interface ClusterSettings {
  daemons: readonly Daemon[];
  /** The packages that are known, with the packages each requires; `daemons` says which units they bring. */
  packages: ReadonlyMap<string, readonly string[]>;
  /** What the packages' own files set: variables by the file's path on the machine. */
  stock: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Units that the box or other packages bring. */
  otherUnits: readonly string[];
  agreements: readonly Agreement[];
  listeners: readonly Listener[];
  limits: readonly Limit[];
  /** What a daemon does not start without, or does nothing without: one of the flags, and why. */
  needs: readonly { unit: string; flags: readonly string[]; why: string; isFatal: boolean }[];
  /** Flags that each machine must have a value of its own for, and what it is: unit → flag. */
  ownNames: readonly { unit: string; flag: string }[];
  /** What files hold, by path on the machine; `anyCase` where their reader takes names in any case. */
  shapes: readonly { path: RegExp; reader: string; shape: Shape; anyCase: boolean }[];
  /** What objects hold, by kind. */
  objects: Readonly<Record<string, Shape>>;
  /** Whatever else is known to be odd; given all machines' settings. */
  rules: readonly ((settings: readonly Setting[], lab: Lab) => SettingProblem[])[];
}
